"""Embedded Signup by the Graph API: the code for a token, the token's accounts, registration, coexistence."""

from typing import Any, Final

import msgspec

from parley.adapters.whatsapp.graph import Graph, segment
from parley.adapters.whatsapp.management import read_number, register, subscribe_app
from parley.modules.channels.ports import ChannelAccess, Remedy, SendFailed

UNSET: Final = "Set PARLEY_META_APP_ID and PARLEY_META_APP_SECRET: Embedded Signup is of an app."


class WhatsAppSignup:
    """Implements the channels room's SignupProvider, for one app."""

    def __init__(self, graph: Graph, app_id: str | None, app_secret: str | None) -> None:
        self._graph = graph
        self._app_id = app_id
        self._app_secret = app_secret

    async def exchange(self, code: str) -> str:
        """The customer's token for the code. A code is used once, so this is never tried again. Raises SendFailed."""
        app_id, secret = self._app()
        body = {"client_id": app_id, "client_secret": secret, "code": code, "grant_type": "authorization_code"}
        answer = await self._graph.post(_nobody(f"{app_id}|{secret}"), "oauth/access_token", body)
        token = _object(answer.body).get("access_token")
        if not isinstance(token, str) or not token:
            raise SendFailed(Remedy.TELL_SENDER, code=0, title="Meta gave no token for the code.")
        return token

    async def accounts_of(self, token: str) -> frozenset[str]:
        """The accounts that a token was granted. Raises SendFailed."""
        app_id, secret = self._app()
        asked = f"debug_token?input_token={segment(token)}"
        data = _object((await self._graph.get(_nobody(f"{app_id}|{secret}"), asked)).body).get("data")
        scopes = data.get("granular_scopes") if isinstance(data, dict) else None
        found = [each.get("target_ids") for each in scopes or () if isinstance(each, dict)]
        return frozenset(str(one) for each in found if isinstance(each, list) for one in each)

    async def subscribe(self, access: ChannelAccess) -> None:
        """Raises SendFailed."""
        await subscribe_app(self._graph, access)

    async def number(self, access: ChannelAccess) -> tuple[str, int]:
        """The number itself, and how many messages a second it may send. Raises SendFailed."""
        facts = await read_number(self._graph, access)
        return facts.display_number or "", facts.messages_per_second

    async def register(self, access: ChannelAccess, pin: str) -> None:
        """Raises SendFailed."""
        await register(self._graph, access, pin)

    async def share(self, access: ChannelAccess, what: str) -> None:
        """Have the Business app share its contacts or its history, once. Raises SendFailed."""
        body = {"messaging_product": "whatsapp", "sync_type": what}
        await self._graph.post(access, f"{segment(access.number_id)}/smb_app_data", body)

    def _app(self) -> tuple[str, str]:
        if not self._app_id or not self._app_secret:
            raise SendFailed(Remedy.TELL_SENDER, code=0, title=UNSET)
        return self._app_id, self._app_secret


def _nobody(token: str) -> ChannelAccess:
    return ChannelAccess(number_id="", account_id="", number=None, token=token)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise SendFailed(Remedy.TELL_SENDER, code=0, title="Meta's answer could not be read.") from error
    return found if isinstance(found, dict) else {}
