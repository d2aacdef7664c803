"""A business number as its operator sees it: health, subscription, profile."""

from typing import Any, Final

import msgspec

from parley.adapters.whatsapp.graph import Graph, segment
from parley.adapters.whatsapp.management import subscribe_app
from parley.core.json import JsonObject, JsonValue
from parley.kit.http import Answer
from parley.modules.channels import word_of
from parley.modules.channels.ports import ChannelAccess, NumberHealth, Remedy, SendFailed

FIELDS: Final = (
    "verified_name,quality_rating,throughput,is_on_biz_app,status,name_status,health_status,"
    "whatsapp_business_manager_messaging_limit"
)
PROFILE_FIELDS: Final = "about,address,description,email,profile_picture_url,websites,vertical"
MOST_ADVICE: Final = 1_000


class WhatsAppNumbers:
    """Implements the channels room's NumberProvider. `app_token` (`id|secret`) lets tokens be inspected."""

    def __init__(self, graph: Graph, app_token: str | None) -> None:
        self._graph = graph
        self._app_token = app_token

    async def health(self, access: ChannelAccess) -> NumberHealth:
        """Three reads: the number, the app's subscription, the token. Raises SendFailed."""
        number = _object(await self._graph.get(access, f"{segment(access.number_id)}?fields={FIELDS}"))
        apps = _object(await self._graph.get(access, f"{segment(access.account_id)}/subscribed_apps"))
        standing = _member(number, "health_status")
        return NumberHealth(
            token="valid",
            token_expires_at=await self._expiry(access),
            subscribed=bool(apps.get("data")),
            status=_word(number, "status"),
            name_status=_word(number, "name_status"),
            quality=_word(number, "quality_rating"),
            limit=_word(number, "whatsapp_business_manager_messaging_limit"),
            throughput=_word(_member(number, "throughput"), "level"),
            coexistence=bool(number.get("is_on_biz_app")),
            can_send=_word(standing, "can_send_message"),
            name=_text(number, "verified_name"),
            advice=_advice(standing),
        )

    async def subscribe(self, access: ChannelAccess) -> None:
        """Raises SendFailed."""
        await subscribe_app(self._graph, access)

    async def profile(self, access: ChannelAccess) -> JsonObject:
        """What people see of the business. Raises SendFailed."""
        path = f"{segment(access.number_id)}/whatsapp_business_profile?fields={PROFILE_FIELDS}"
        data = _object(await self._graph.get(access, path)).get("data")
        return data[0] if isinstance(data, list) and data and isinstance(data[0], dict) else {}

    async def change_profile(self, access: ChannelAccess, change: JsonObject) -> None:
        """Change some of it. Raises SendFailed."""
        body: dict[str, JsonValue] = {"messaging_product": "whatsapp", **change}
        await self._graph.post(access, f"{segment(access.number_id)}/whatsapp_business_profile", body)

    async def _expiry(self, access: ChannelAccess) -> int | None:
        """When the token ends, in Unix seconds; None when it does not, or nobody may ask."""
        if self._app_token is None:
            return None
        asking = ChannelAccess(number_id="", account_id="", number=None, token=self._app_token)
        try:
            told = _object(await self._graph.get(asking, f"debug_token?input_token={segment(access.token)}"))
        except SendFailed:
            return None
        expires = _member(told, "data").get("expires_at")
        return expires if isinstance(expires, int) and expires > 0 else None


def _object(answer: Answer) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(answer.body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise SendFailed(Remedy.RETRY, code=0, title="Meta's answer could not be read.") from error
    return found if isinstance(found, dict) else {}


def _member(parent: dict[str, Any], name: str) -> dict[str, Any]:
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def _text(parent: dict[str, Any], name: str) -> str | None:
    value = parent.get(name)
    return value if isinstance(value, str) and value else None


def _word(parent: dict[str, Any], name: str) -> str | None:
    value = _text(parent, name)
    return word_of(value) if value is not None else None


def _advice(standing: dict[str, Any]) -> str | None:
    """What Meta says is wrong with the number, its account, business or app, and how to mend it."""
    told = [
        f"{error.get('error_description', '')} {error.get('possible_solution', '')}".strip()
        for entity in standing.get("entities") or ()
        if isinstance(entity, dict)
        for error in entity.get("errors") or ()
        if isinstance(error, dict)
    ]
    return " ".join(told)[:MOST_ADVICE] or None
