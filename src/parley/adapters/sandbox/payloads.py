"""What the test channel tells, in the shape of Meta's webhooks. Pure."""

from datetime import datetime, timedelta

import msgspec

from parley.adapters.sandbox.recipients import Outcome, Step
from parley.adapters.whatsapp.errors import DOC_URL, rule_of
from parley.core.ids import public
from parley.core.json import JsonObject
from parley.modules.channels.ports import ChannelAccess, Outgoing, PlannedDelivery


def deliveries_of(
    access: ChannelAccess, message: Outgoing, provider_id: str, outcome: Outcome, now: datetime
) -> list[PlannedDelivery]:
    """One delivery for each thing that will happen to a message, with its moment."""
    planned = [
        PlannedDelivery(due_at=_after(now, step), body=_body(access, _status(message, provider_id, step, now)))
        for step in outcome.steps
    ]
    if outcome.says is not None:
        last = max(each.due_at for each in planned)
        said = _said(message, provider_id, outcome.says or message.content.text or message.content.kind, last)
        planned.append(PlannedDelivery(due_at=last, body=_body(access, said)))
    return planned


def _after(now: datetime, step: Step) -> datetime:
    return now + timedelta(seconds=step.after)


def _body(access: ChannelAccess, value: JsonObject) -> bytes:
    metadata = {"display_phone_number": (access.number or "").lstrip("+"), "phone_number_id": access.number_id}
    whole = {"messaging_product": "whatsapp", "metadata": metadata, **value}
    entry = {"id": access.account_id, "changes": [{"field": "messages", "value": whole}]}
    return msgspec.json.encode({"object": "whatsapp_business_account", "entry": [entry]})


def _status(message: Outgoing, provider_id: str, step: Step, now: datetime) -> JsonObject:
    status: dict[str, object] = {
        "id": provider_id,
        "status": step.status,
        "timestamp": str(int(_after(now, step).timestamp())),
        "recipient_id": _number(message),
        "biz_opaque_callback_data": public("msg", message.message_id),
    }
    if step.code is not None:
        told = rule_of(step.code).sentence
        error = {"code": step.code, "title": told, "message": told, "error_data": {"details": told}, "href": DOC_URL}
        status["errors"] = [error]
    return msgspec.json.decode(msgspec.json.encode({"statuses": [status]}), type=dict)


def _said(message: Outgoing, provider_id: str, words: str, at: datetime) -> JsonObject:
    number = _number(message)
    said: JsonObject = {
        "id": f"{provider_id}.answer",
        "from": number,
        "timestamp": str(int(at.timestamp())),
        "type": "text",
        "text": {"body": words},
        "context": {"id": provider_id},
    }
    return {"contacts": [{"profile": {"name": "Test recipient"}, "wa_id": number}], "messages": [said]}


def _number(message: Outgoing) -> str:
    return (message.to.phone or message.to.user_id or "").lstrip("+")
