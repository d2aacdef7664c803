"""The three ways to a token: a code that a person allowed, a refresh token, the app's own credentials."""

import base64
import binascii
import hashlib
from dataclasses import replace
from typing import Any

from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc6749.errors import InvalidRequestError, InvalidScopeError
from authlib.oauth2.rfc7636 import CodeChallenge

from parley.adapters.oauth.client import AUTHENTICATION, Client
from parley.core.time import now
from parley.modules.accounts import Grant, Installation, covers, new_grant

DIGEST_BYTES = 32


class _Shown:
    """A code or refresh token, as authlib asks about it."""

    def __init__(self, grant: Grant, asked_redirect: str | None = None) -> None:
        self.grant = grant
        self._asked_redirect = asked_redirect

    def get_redirect_uri(self) -> str:
        """The address that the code went to. Only its hash is kept, so it is known when it is shown again."""
        shown = self._asked_redirect or ""
        return shown if hashlib.sha256(shown.encode()).digest() == self.grant.redirect_uri else "another"

    def get_scope(self) -> str:
        return " ".join(self.grant.scopes)

    def check_client(self, client: Client) -> bool:
        return client.app.id == self.grant.app

    @property
    def code_challenge(self) -> str:
        return base64.urlsafe_b64encode(self.grant.challenge or b"").rstrip(b"=").decode()

    code_challenge_method = "S256"


class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]  # authlib is not typed
    """RFC 6749, section 4.1, with what RFC 9700 says of it."""

    TOKEN_ENDPOINT_AUTH_METHODS = AUTHENTICATION

    def create_authorization_response(self, redirect_uri: str, grant_user: Installation | None) -> Any:
        self.redirect_uri = redirect_uri
        return super().create_authorization_response(redirect_uri, grant_user)

    def generate_authorization_code(self) -> str:
        installation: Installation = self.request.user
        grant, secret = new_grant("code", installation, tuple(self.request.scope.split()))
        bound = replace(
            grant,
            redirect_uri=hashlib.sha256(self.redirect_uri.encode()).digest(),
            challenge=_challenge(self.request.payload.data["code_challenge"]),
        )
        self.server.verdict.give.append((bound, secret))
        return secret

    def save_authorization_code(self, code: str, request: object) -> None:
        """The verdict has it already."""

    def query_authorization_code(self, code: str, client: Client) -> _Shown | None:  # noqa: ARG002 - it is looked up
        shown: Grant | None = self.server.known.shown
        if shown is None or shown.kind != "code" or shown.app != client.app.id:
            return None
        if shown.used_at is not None:
            self.server.verdict.revoke = shown.family
        return _Shown(shown, self.request.payload.redirect_uri) if shown.works(now()) else None

    def authenticate_user(self, authorization_code: _Shown) -> Installation | None:  # noqa: ARG002 - authlib's
        found: Installation | None = self.server.known.installation
        return found

    def delete_authorization_code(self, authorization_code: _Shown) -> None:
        self.server.verdict.use = authorization_code.grant


class S256Only(CodeChallenge):  # type: ignore[misc]  # authlib is not typed
    """PKCE (RFC 7636) is always asked for, and never plain."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        given = grant.request.payload.data
        if given.get("code_challenge_method") != "S256":
            raise InvalidRequestError("Send 'code_challenge' with 'code_challenge_method=S256'.")
        super().validate_code_challenge(grant, redirect_uri)
        if _challenge(given["code_challenge"]) is None:
            raise InvalidRequestError("Invalid 'code_challenge'")

    def get_authorization_code_challenge(self, authorization_code: _Shown) -> str:
        return authorization_code.code_challenge

    def get_authorization_code_challenge_method(self, authorization_code: _Shown) -> str:
        return authorization_code.code_challenge_method


class RefreshGrant(grants.RefreshTokenGrant):  # type: ignore[misc]  # authlib is not typed
    """RFC 6749, section 6: each refresh token works once."""

    TOKEN_ENDPOINT_AUTH_METHODS = AUTHENTICATION
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> _Shown | None:  # noqa: ARG002 - it is looked up
        shown: Grant | None = self.server.known.shown
        if shown is None or shown.kind != "refresh" or shown.app != self.request.client.app.id:
            return None
        if shown.used_at is not None:
            self.server.verdict.revoke = shown.family
        return _Shown(shown) if shown.works(now()) else None

    def authenticate_user(self, refresh_token: _Shown) -> Installation | None:  # noqa: ARG002 - authlib's
        found: Installation | None = self.server.known.installation
        return found

    def revoke_old_credential(self, refresh_token: _Shown) -> None:
        self.server.verdict.use = refresh_token.grant


class ClientCredentials(grants.ClientCredentialsGrant):  # type: ignore[misc]  # authlib is not typed
    """RFC 6749, section 4.4: for the workspace where the app is installed."""

    TOKEN_ENDPOINT_AUTH_METHODS = AUTHENTICATION

    def validate_requested_scope(self) -> None:
        installation: Installation | None = self.server.known.installation
        wanted = (self.request.payload.scope or "").split()
        held = installation.scopes if installation is not None else ()
        if any(not covers(held, each, bounded=False) for each in wanted) and installation is not None:
            raise InvalidScopeError


def _challenge(text: str) -> bytes | None:
    """The SHA-256 that a challenge is; None when it is none."""
    try:
        found = base64.urlsafe_b64decode(text.encode() + b"=")
    except (binascii.Error, ValueError):
        return None
    return found if len(found) == DIGEST_BYTES else None
