"""Examples of facts: what a test tells, and what the catalogue shows. Pure."""

from typing import Final

import msgspec

from parley.core.json import JsonObject

_HEX: Final = "0198f3b2c6d07a51b0c3d1e2f3a4b5c6"
_AT: Final = "2026-11-23T15:04:05.123Z"
DEFAULT: Final = "message.received"
MESSAGE: Final[JsonObject] = {
    "id": f"msg_{_HEX}",
    "conversation_id": f"cnv_{_HEX}",
    "contact_id": f"con_{_HEX}",
    "channel_id": f"chn_{_HEX}",
    "direction": "inbound",
    "origin": "live",
    "type": "text",
    "status": "received",
    "from": "+15550001111",
    "to": "+15550009999",
    "created_at": _AT,
    "timestamp": _AT,
    "provider_message_id": "wamid.HBgLMTU1NTAwMDExMTEVAgASGBQzQQ==",
    "metadata": {},
    "statuses": [],
    "revisions": [],
    "text": {"body": "Hello, where is my order?"},
}
_OUTBOUND: Final[JsonObject] = {
    **MESSAGE,
    "direction": "outbound",
    "origin": "api",
    "status": "delivered",
    "from": "+15550009999",
    "to": "+15550001111",
    "statuses": [{"status": "queued", "at": _AT}, {"status": "delivered", "at": _AT}],
    "text": {"body": "It left this morning."},
}
_TALK: Final[JsonObject] = {"conversation_id": f"cnv_{_HEX}", "contact_id": f"con_{_HEX}"}
_DATA: Final[dict[str, JsonObject]] = {
    "message": {**_TALK, "message_id": f"msg_{_HEX}", "message": _OUTBOUND},
    "conversation": _TALK,
    "ticket": {**_TALK, "ticket_id": f"tkt_{_HEX}"},
    "contact": {"contact_id": f"con_{_HEX}"},
    "channel": {"channel_id": f"chn_{_HEX}"},
    "template": {
        "template_id": f"tpl_{_HEX}",
        "waba_id": "102290129340398",
        "name": "order_shipped",
        "language": "en_US",
        "before": "PENDING",
        "after": "APPROVED",
    },
    "call": {"notice_id": f"ntc_{_HEX}", "channel_id": f"chn_{_HEX}", "event": "connect", "kind": "call"},
    "flow": {**_TALK, "flow_id": f"flw_{_HEX}"},
    "knowledge": {"document_id": f"kdc_{_HEX}"},
    "media": {"contact_id": f"con_{_HEX}", "message_id": f"msg_{_HEX}", "media_id": f"med_{_HEX}"},
    "api_key": {"api_key_id": f"key_{_HEX}"},
    "webhook_endpoint": {"endpoint_id": f"whe_{_HEX}"},
    "webhook_delivery": {"endpoint_id": f"whe_{_HEX}", "delivery_id": f"whd_{_HEX}"},
}
"""By the first word of the type."""
_INBOUND: Final = frozenset({"message.received", "message.imported"})
_MORE: Final[dict[str, JsonObject]] = {
    "message.failed": {"code": 131026},
    "conversation.floor_changed": {"holder": "person", "was": "bot", "by": "phone", "expires_at": _AT},
    "channel.notice": {"notice_id": f"ntc_{_HEX}", "event": "FLAGGED", "kind": "account"},
    "flow.completed": {"outcome": "done"},
    "flow.triggered": {"by": "keyword", "reason": "keyword (en), before 1 other by priority", "lost": []},
    "flow.rollout_changed": {"version": 4, "percent": 10},
    "knowledge.failed": {"problem": "encrypted"},
    "processor.changed": {"processor": "model", "state": "on"},
    "flow.requests_failing": {"node": "look_up", "failed": 5, "of": 10, "version": 3},
    "flow.event": {"name": "booking_made", "data": {"day": "2026-12-01", "guests": 2}},
    "webhook_endpoint.disabled": {"reason": "gone"},
    "webhook_endpoint.tested": {"type": DEFAULT},
}


def data_of(kind: str) -> JsonObject:
    """An example of a type's `data`."""
    data = _DATA.get(kind.partition(".")[0], {})
    if kind in _INBOUND:
        data = {**data, "message": MESSAGE}
    return {**data, **_MORE.get(kind, {})}


def document_of(kind: str) -> JsonObject:
    """An example of a whole document."""
    return {
        "id": f"evt_{_HEX}",
        "type": kind,
        "timestamp": _AT,
        "workspace_id": f"wks_{_HEX}",
        "actor": None if kind in _INBOUND else f"key_{_HEX}",
        "data": data_of(kind),
    }


def example(detail: str | None) -> dict[str, object]:
    """What a test's document tells instead of itself: the type that was asked for, in `detail`, and its example."""
    kind = msgspec.json.decode(detail).get("type", DEFAULT) if detail else DEFAULT
    return {"type": kind, "data": data_of(kind)}


def example_as_meta() -> JsonObject:
    """A text message as Meta posts it."""
    value: JsonObject = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550009999", "phone_number_id": "106540352242922"},
        "contacts": [{"profile": {"name": "Ada"}, "wa_id": "15550001111"}],
        "messages": [
            {
                "from": "15550001111",
                "id": "wamid.HBgLMTU1NTAwMDExMTEVAgASGBQzQQ==",
                "timestamp": "1795446245",
                "type": "text",
                "text": {"body": "Hello, where is my order?"},
            }
        ],
    }
    entry: JsonObject = {"id": "102290129340398", "changes": [{"field": "messages", "value": value}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}
