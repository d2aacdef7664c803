"""`POST /{phone}/messages` and `/marketing_messages`: sends, waiting for the provider's word; or marks as read."""

from collections.abc import Mapping
from typing import Final

import msgspec
from starlette.responses import Response

from parley.core.ids import MessageId, parse_public, public
from parley.core.json import JsonObject
from parley.core.phones import normalise
from parley.entrypoints.graph.call import Call, reply
from parley.entrypoints.http.bodies import canonical
from parley.entrypoints.http.idempotency import REPLAYED
from parley.kit.unit import Unit
from parley.modules.channels import Channel
from parley.modules.channels.ports import SendFailed
from parley.modules.conversations import NotTaken, Outcome, Queued, Taken
from parley.modules.partners import (
    Asked,
    MetaRefusal,
    check_product,
    queue_message,
    read_marketing,
    read_message,
    refusal_told,
)

WAIT_SECONDS: Final = 10.0
"""For the provider's word on a message; most clients give up after 15 to 30 seconds."""
_INVALID, _MISSING, _WRONG, _OVERLOADED = 100, 131008, 131009, 131016


class Receipt(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is remembered of a send under its Idempotency-Key: the id may not be known by then."""

    message: str
    input: str
    wa_id: str | None = None
    user_id: str | None = None
    template: bool = False


async def send_message(call: Call) -> Response:
    """Send a message and answer with the id it goes by at the provider."""
    body = await call.body()
    channel = await call.number()
    if "status" in body:
        return await _mark_read(call, channel, body)
    return await _send(call, channel, body, read_message(body))


async def send_marketing(call: Call) -> Response:
    """The same for the marketing messages API, which takes templates only."""
    body = await call.body()
    channel = await call.number()
    return await _send(call, channel, body, read_marketing(body))


async def _send(call: Call, channel: Channel, body: JsonObject, asked: Asked) -> Response:
    receipt, replayed = await _queue(call, channel, asked, canonical(msgspec.json.encode(body)))
    message = MessageId(parse_public("msg", receipt.message) or call.workspace)
    call.request.state.made = receipt.message
    outcome = await call.desk.outcomes.wait(call.workspace, message, WAIT_SECONDS)
    answer = _answer(receipt, outcome)
    if replayed:
        answer.headers[REPLAYED] = "true"
    return answer


async def _queue(call: Call, channel: Channel, asked: Asked, content: bytes) -> tuple[Receipt, bool]:
    """Queue it in a unit of its own, which ends before anyone waits: what was queued is sent, whoever goes away."""

    async def work(unit: Unit) -> Response:
        queued = await queue_message(unit, call.app.desk, channel, asked)
        return Response(msgspec.json.encode(_receipt(asked, queued)), media_type="application/json")

    held = await call.once(content, work)
    return msgspec.json.decode(held.body, type=Receipt), REPLAYED in held.headers


async def _mark_read(call: Call, channel: Channel, body: JsonObject) -> Response:
    check_product(body)
    if body["status"] != "read":
        raise MetaRefusal(_INVALID, "Param status must be one of read.")
    if not body.get("message_id"):
        raise MetaRefusal(_MISSING, "Parameter 'message_id' is required.")
    if not isinstance(body["message_id"], str):
        raise MetaRefusal(_WRONG, "Parameter 'message_id' must be the id of a message you received.")
    typing = body.get("typing_indicator")
    if typing is not None and not (isinstance(typing, Mapping) and typing.get("type") == "text"):
        raise MetaRefusal(_WRONG, "Parameter 'typing_indicator.type' must be text.")
    driver = call.app.drivers[channel.kind]
    try:
        await driver.mark_read(channel.access, body["message_id"], typing=typing is not None)
    except SendFailed as error:
        if error.refusal is not None:
            return Response(error.refusal.body, error.refusal.status, media_type="application/json")
        raise MetaRefusal(error.code or _OVERLOADED, error.detail or error.title) from error
    return reply({"success": True})


def _receipt(asked: Asked, queued: Queued) -> Receipt:
    number = normalise(asked.to) if isinstance(asked.to, str) else None
    return Receipt(
        message=public("msg", queued.id),
        input=asked.spelled,
        wa_id=number.lstrip("+") if number else None,
        user_id=asked.to if isinstance(asked.to, str) and number is None else None,
        template=queued.content.kind == "template",
    )


def _answer(receipt: Receipt, outcome: Outcome) -> Response:
    match outcome:
        case Taken(provider_id=provider_id):
            known = {"wa_id": receipt.wa_id} if receipt.wa_id else {"user_id": receipt.user_id}
            message = {"id": provider_id} | ({"message_status": "accepted"} if receipt.template else {})
            return reply(
                {
                    "messaging_product": "whatsapp",
                    "contacts": [{"input": receipt.input, **{k: v for k, v in known.items() if v}}],
                    "messages": [message],
                }
            )
        case NotTaken(refusal=refusal) if refusal is not None:
            return Response(refusal.body, refusal.status, media_type="application/json")
    raise refusal_told(outcome)
