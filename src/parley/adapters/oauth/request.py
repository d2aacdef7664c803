"""A request to the authorization server, as authlib takes it."""

import base64
import binascii
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

from authlib.oauth2.rfc6749 import OAuth2Request
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload

from parley.core.ids import WorkspaceId, parse_public

SOMEWHERE: Final = "https://localhost/oauth"
"""authlib wants an address; how the request came is the web server's business."""
_SECRETS: Final = ("code", "refresh_token", "token")


class Asked(OAuth2Request):  # type: ignore[misc]  # authlib is not typed
    """The parameters of one request, and the client's credentials."""

    def __init__(self, method: str, parameters: Mapping[str, str], authorization: str = "") -> None:
        basic = _basic(authorization)
        headers = {"Authorization": authorization} if basic is not None else {}
        super().__init__(method, SOMEWHERE, headers=headers)
        self.payload = BasicOAuth2Payload(dict(parameters))
        self._parameters = dict(parameters)
        self._basic = basic

    @property
    def form(self) -> dict[str, str]:
        return self._parameters

    @property
    def args(self) -> dict[str, str]:
        return self._parameters

    @property
    def client_id(self) -> str:
        """Who says to be asking."""
        return self._basic or self._parameters.get("client_id", "")

    @property
    def secret(self) -> str | None:
        """The code or token that is shown."""
        return next((self._parameters[name] for name in _SECRETS if name in self._parameters), None)

    @property
    def workspace(self) -> WorkspaceId | None:
        found = parse_public("wks", self._parameters.get("workspace_id", ""))
        return WorkspaceId(found) if found is not None else None


def _basic(authorization: str) -> str | None:
    """The client id in a Basic header that can be read."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, _ = base64.b64decode(token.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return unquote(name) if colon else None
