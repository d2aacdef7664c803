"""360dialog's dialect: the number is implied by the key, and templates have addresses of their own."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from starlette.responses import Response

from parley.adapters.whatsapp.graph import segment
from parley.core.json import JsonValue
from parley.entrypoints.graph.call import INVALID, OK, Call, Handler, read_object, reply
from parley.modules.channels import Channel
from parley.modules.partners import MetaRefusal

MOST_TEMPLATES: Final = 1000
"""Told at once; 360dialog's own limit is of this size."""
CREATED: Final = 201


def of_number(handle: Handler) -> Handler:
    """A handler of `/{phone}/{edge}` at `/{edge}`."""

    async def handled(call: Call) -> Response:
        return await handle(_at(call, (await implied(call)).access.number_id))

    return handled


def of_account(handle: Handler) -> Handler:
    """A handler of `/{waba}/{edge}` at `/{edge}`."""

    async def handled(call: Call) -> Response:
        return await handle(_at(call, (await implied(call)).access.account_id))

    return handled


async def implied(call: Call) -> Channel:
    """The one number that the key reaches. Raises MetaRefusal."""
    own = await call.channels()
    if len(own) == 1:
        return own[0]
    raise MetaRefusal(
        INVALID,
        "A key in the header D360-API-KEY stands for one number. "
        + ("Add a number first." if not own else "Restrict the key to one: POST /v1/api-keys with `channels`."),
    )


async def health(call: Call) -> Response:
    """`GET /health`: whether the number can send."""
    channel = await implied(call)
    return reply({"health": {"gateway_status": "connected" if channel.state == "active" else "disconnected"}})


async def list_templates(call: Call) -> Response:
    """`GET /v1/configs/templates`: all of the account, statuses in small letters."""
    channel = await implied(call)
    path = f"{segment(channel.access.account_id)}/message_templates"
    answer = await call.ask_meta(channel, path, query=f"limit={MOST_TEMPLATES}")
    data = (read_object(answer.body) or {}).get("data")
    if answer.status != OK or not isinstance(data, list):
        return call.told(answer)
    shown = [_template(each, channel) for each in data if isinstance(each, Mapping)]
    listing = {"count": len(shown), "total": len(shown), "offset": 0, "limit": MOST_TEMPLATES}
    return reply({**listing, "filters": {}, "sort": ["id"], "waba_templates": shown})


async def create_template(call: Call) -> Response:
    """`POST /v1/configs/templates`: Meta's body, and the template in the answer."""
    channel = await implied(call)
    body = await call.body()
    answer = await call.ask_meta(channel, f"{segment(channel.access.account_id)}/message_templates", body=body)
    made = read_object(answer.body)
    if answer.status != OK or made is None:
        return call.told(answer)
    return reply(_template({**body, **made}, channel), CREATED)


async def delete_template(call: Call) -> Response:
    """`DELETE /v1/configs/templates/{name}`: in every language."""
    channel = await implied(call)
    path = f"{segment(channel.access.account_id)}/message_templates"
    answer = await call.ask_meta(channel, path, query=f"name={segment(call.address.parts[-1])}")
    if answer.status != OK:
        return call.told(answer)
    return reply({"meta": {"success": True, "http_code": OK, "developer_message": "template was deleted"}})


def _at(call: Call, node: str) -> Call:
    return replace(call, address=replace(call.address, parts=(node, *call.address.parts)))


def _template(given: Mapping[str, JsonValue], channel: Channel) -> dict[str, JsonValue]:
    status = given.get("status")
    return {
        **given,
        "status": status.lower() if isinstance(status, str) else "submitted",
        "waba_account_id": channel.access.account_id,
    }
