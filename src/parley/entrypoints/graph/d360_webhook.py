"""360dialog's `/v1/configs/webhook`: one address a number, told in the Cloud API's shape, without a handshake."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from starlette.responses import Response

from parley.core.errors import NotFound
from parley.core.json import JsonValue
from parley.entrypoints.graph.call import INVALID, Call, reply
from parley.entrypoints.graph.d360 import implied
from parley.kit.unit import Unit
from parley.modules.partners import MetaRefusal
from parley.modules.webhooks import (
    Change,
    Endpoint,
    EndpointRules,
    NewEndpoint,
    change_endpoint,
    create_endpoint,
    list_endpoints,
)

MADE_HERE: Final = "Set by POST /v1/configs/webhook (360dialog's dialect)"
"""The description by which the endpoint is known again; whoever changes it takes the endpoint over."""
TOLD: Final = ("*",)
_PAGE = 500
_MISSING = 131008


async def read(call: Call) -> Response:
    """The address, and the headers sent along."""
    channel = await implied(call)
    async with call.unit() as unit:
        found = await _find(call, unit, channel.id)
    if found is None:
        raise NotFound("No webhook is set for this number; POST /v1/configs/webhook sets one.")
    return reply({"url": found.about.url, "headers": found.about.headers})


async def write(call: Call) -> Response:
    """Set the address, in place of the one before."""
    channel = await implied(call)
    body = await call.body()
    url, headers = body.get("url"), _headers(body.get("headers"))
    if not isinstance(url, str) or not url:
        raise MetaRefusal(_MISSING, "Parameter 'url' is required.")
    app = call.app
    rules = EndpointRules(app.routes, app.settings.webhooks_allow_private)
    async with call.unit() as unit:
        found = await _find(call, unit, channel.id)
        if found is not None:
            await change_endpoint(unit, app.keys, rules, found.id, Change(url=url, headers=headers, active=True))
        else:
            new = NewEndpoint(
                url=url,
                event_types=TOLD,
                kind="meta",
                description=MADE_HERE,
                channel_ids=(channel.id,),
                headers=headers,
                handshake=False,
            )
            await create_endpoint(unit, app.keys, rules, new)
    return reply({"url": url, "headers": headers})


async def _find(call: Call, unit: Unit, channel: UUID) -> Endpoint | None:
    for each in await list_endpoints(unit, call.app.keys, None, _PAGE):
        if each.about.description == MADE_HERE and each.channel_ids == (channel,):
            return each
    return None


def _headers(given: JsonValue) -> dict[str, str]:
    if given is None:
        return {}
    if not isinstance(given, Mapping) or not all(isinstance(value, str) for value in given.values()):
        raise MetaRefusal(INVALID, "Param headers must be an object of texts.")
    return {name: str(value) for name, value in given.items()}
