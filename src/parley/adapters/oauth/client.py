"""A partner's app, as authlib asks about it."""

from hmac import compare_digest

from parley.core.ids import public
from parley.modules.accounts import App, covers, digest_of

GRANTS = ("authorization_code", "refresh_token", "client_credentials")
AUTHENTICATION = ("client_secret_basic", "client_secret_post")


class Client:
    """Confidential, whichever way the code came; its redirect addresses are compared letter by letter."""

    def __init__(self, app: App) -> None:
        self.app = app

    def get_client_id(self) -> str:
        return public("app", self.app.id)

    def get_default_redirect_uri(self) -> None:
        """None: each request names its own."""

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """What is asked for, if the app may ask for all of it."""
        wanted = scope.split() if scope else list(self.app.terms.scopes)
        return " ".join(wanted) if self.may_ask(wanted) else None

    def may_ask(self, scopes: list[str]) -> bool:
        return all(covers(self.app.terms.scopes, each, bounded=False) for each in scopes)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.app.terms.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        return compare_digest(digest_of(client_secret), self.app.secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:  # noqa: ARG002 - authlib's
        return method in AUTHENTICATION

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in GRANTS
