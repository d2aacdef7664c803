"""Revoking tokens (RFC 7009) and asking about them (RFC 7662): an app does both with its own only."""

from typing import Any

from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from parley.adapters.oauth.client import AUTHENTICATION, Client
from parley.core.ids import public
from parley.core.time import now
from parley.modules.accounts import Grant


class _Token:
    """A token, as authlib asks about it."""

    def __init__(self, grant: Grant) -> None:
        self.grant = grant

    def check_client(self, client: Client) -> bool:
        return client.app.id == self.grant.app

    def is_expired(self) -> bool:
        return not self.grant.works(now())

    def is_revoked(self) -> bool:
        return self.grant.revoked_at is not None


class Revocation(RevocationEndpoint):  # type: ignore[misc]  # authlib is not typed
    """Ends the token and everything of its family."""

    CLIENT_AUTH_METHODS = AUTHENTICATION

    def query_token(self, token_string: str, token_type_hint: str | None) -> _Token | None:  # noqa: ARG002 - looked up
        return _shown(self.server.known.shown)

    def revoke_token(self, token: _Token, request: object) -> None:  # noqa: ARG002 - authlib's
        self.server.verdict.revoke = token.grant.family


class Introspection(IntrospectionEndpoint):  # type: ignore[misc]  # authlib is not typed
    """Tells whether a token works, and for what."""

    CLIENT_AUTH_METHODS = AUTHENTICATION

    def query_token(self, token_string: str, token_type_hint: str | None) -> _Token | None:  # noqa: ARG002 - looked up
        return _shown(self.server.known.shown) if self.server.known.installation is not None else None

    def check_permission(self, token: _Token, client: Client, request: object) -> bool:  # noqa: ARG002 - authlib's
        return token.check_client(client)

    def introspect_token(self, token: _Token) -> dict[str, Any]:
        grant = token.grant
        return {
            "scope": " ".join(grant.scopes),
            "client_id": public("app", grant.app),
            "token_type": "Bearer" if grant.kind == "access" else "refresh_token",
            "sub": public("ins", grant.installation),
            "workspace_id": public("wks", grant.workspace),
            "iat": int(grant.issued_at.timestamp()),
            "exp": int(grant.expires_at.timestamp()),
        }


def _shown(grant: Grant | None) -> _Token | None:
    return _Token(grant) if grant is not None and grant.kind in ("access", "refresh") else None
