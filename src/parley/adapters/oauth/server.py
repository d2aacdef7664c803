"""The authorization server: authlib's rules over what was looked up. What is to be written down is the verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import AuthorizationServer
from authlib.oauth2.rfc6749.errors import InvalidRequestError

from parley.adapters.oauth.client import Client
from parley.adapters.oauth.grants import ClientCredentials, CodeGrant, RefreshGrant, S256Only
from parley.adapters.oauth.request import Asked
from parley.adapters.oauth.tokens import Introspection, Revocation
from parley.core.ids import public
from parley.modules.accounts import GRANT_LIFETIMES, Installation, Known, Verdict, new_grant

NO_STORE: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the authorization server answers."""

    status: int
    body: dict[str, Any]
    location: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


class Server(AuthorizationServer):  # type: ignore[misc]  # authlib is not typed
    """Judges one request."""

    def __init__(self, known: Known) -> None:
        super().__init__()
        self.known = known
        self.verdict = Verdict()
        self.register_grant(CodeGrant, [S256Only(required=True)])
        self.register_grant(RefreshGrant)
        self.register_grant(ClientCredentials)
        self.register_endpoint(Revocation)
        self.register_endpoint(Introspection)
        self.register_token_generator("default", self._generate)

    def query_client(self, client_id: str) -> Client | None:
        app = self.known.app
        return Client(app) if app is not None and public("app", app.id) == client_id else None

    def send_signal(self, *_: object, **__: object) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: Asked) -> Asked:
        return request

    def handle_response(self, status: int, body: Any, headers: Sequence[tuple[str, str]]) -> Answer:
        named = {name.lower(): value for name, value in headers}
        kept = tuple((name, value) for name, value in named.items() if name == "www-authenticate")
        return Answer(status, dict(body or {}), named.get("location"), kept)

    def save_token(self, token: dict[str, Any], request: Asked) -> None:
        """The verdict has it already."""

    def _generate(self, *, scope: str | None, **more: Any) -> dict[str, Any]:
        installation = self.known.installation
        if installation is None:
            raise InvalidRequestError("The app is not installed in that workspace; name it by `workspace_id`.")
        scopes = tuple(scope.split()) if scope else installation.scopes
        family = self.known.shown.family if self.known.shown is not None else None
        access = new_grant("access", installation, scopes, family)
        self.verdict.give.append(access)
        token: dict[str, Any] = {
            "access_token": access[1],
            "token_type": "Bearer",
            "expires_in": int(GRANT_LIFETIMES["access"].total_seconds()),
            "scope": " ".join(scopes),
            "workspace_id": public("wks", installation.workspace),
        }
        if more["include_refresh_token"]:
            # Refreshing for fewer scopes narrows the access token only: RFC 6749, section 6.
            whole = self.known.shown.scopes if self.known.shown is not None else scopes
            refresh = new_grant("refresh", installation, whole, access[0].family)
            self.verdict.give.append(refresh)
            token["refresh_token"] = refresh[1]
        return token


def consent(known: Known, asked: Asked) -> tuple[tuple[str, ...], Answer | None]:
    """The scopes that an app asks a person for; or how to refuse the request before anybody is asked."""
    server = Server(known)
    try:
        grant = server.get_consent_grant(asked)
    except OAuth2Error as error:
        return (), server.handle_error_response(asked, error)
    return tuple(grant.request.scope.split()), None


def authorize(known: Known, asked: Asked, installation: Installation | None) -> tuple[Answer, Verdict]:
    """Send a code to the app, or that the person said no."""
    server = Server(Known(app=known.app, installation=installation))
    try:
        grant = server.get_consent_grant(asked)
    except OAuth2Error as error:
        return server.handle_error_response(asked, error), server.verdict
    answer: Answer = server.create_authorization_response(asked, installation, grant=grant)
    return answer, server.verdict


def token(known: Known, asked: Asked) -> tuple[Answer, Verdict]:
    """Answer /oauth/token. A code or refresh token shown twice by its own app ends its whole family."""
    server = Server(known)
    answer: Answer = server.create_token_response(asked)
    if answer.status != 200:  # noqa: PLR2004 - HTTP
        server.verdict.give.clear()
        server.verdict.use = None
    return answer, server.verdict


def endpoint(name: str, known: Known, asked: Asked) -> tuple[Answer, Verdict]:
    """Answer /oauth/revoke (`revocation`) or /oauth/introspect (`introspection`)."""
    server = Server(known)
    answer: Answer = server.create_endpoint_response(name, asked)
    return answer, server.verdict
