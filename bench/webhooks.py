"""Meta's webhooks as bytes: messages of customers and statuses of replies, signed."""

import hmac
from dataclasses import dataclass

SECRET = "bench-app-secret"

_MESSAGE = (
    b'{"object":"whatsapp_business_account","entry":[{"id":"%(waba)s","changes":[{"value":{"messaging_product":'
    b'"whatsapp","metadata":{"display_phone_number":"15550%(number)s","phone_number_id":"%(number)s"},"contacts":'
    b'[{"profile":{"name":"Customer %(from)s"},"wa_id":"%(from)s"}],"messages":[{"from":"%(from)s","id":"%(id)s",'
    b'"timestamp":"%(at)d","text":{"body":"%(text)s - is my order on its way, and when will it be here? Thank you!"},'
    b'"type":"text"}]},"field":"messages"}]}]}'
)
_STATUS = (
    b'{"object":"whatsapp_business_account","entry":[{"id":"%(waba)s","changes":[{"value":{"messaging_product":'
    b'"whatsapp","metadata":{"display_phone_number":"15550%(number)s","phone_number_id":"%(number)s"},"statuses":'
    b'[{"id":"%(id)s","status":"%(status)s","timestamp":"%(at)d","recipient_id":"%(to)s","biz_opaque_callback_data":'
    b'"%(callback)s","conversation":{"id":"d2b1f0e0c8a94f0b9d7a","origin":{"type":"service"}},"pricing":{"billable":'
    b'true,"pricing_model":"PMP","category":"service","type":"regular"}}]},"field":"messages"}]}]}'
)
STATUSES = (b"sent", b"delivered", b"read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A business number as Meta names it."""

    waba: bytes
    number: bytes


def number(index: int) -> Number:
    """The number of the workspace with this index."""
    return Number(waba=b"41956125%07d" % index, number=b"10654035%07d" % index)


def phone(index: int) -> bytes:
    """A customer's wa_id; indexes up to ten million."""
    return b"4915%09d" % (100_000_000 + index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """A customer's message: `text` begins the body, so that the echo names it again."""

    to: Number
    sender: bytes
    id: bytes
    text: bytes
    at: int


def message(inbound: Inbound) -> bytes:
    return _MESSAGE % {
        b"waba": inbound.to.waba,
        b"number": inbound.to.number,
        b"from": inbound.sender,
        b"id": inbound.id,
        b"at": inbound.at,
        b"text": inbound.text,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A reply that the stub took."""

    number: bytes
    wamid: bytes
    to: bytes
    callback: bytes


def status(sent: Sent, word: bytes, at: int) -> bytes:
    return _STATUS % {
        b"waba": b"0",
        b"number": sent.number,
        b"id": sent.wamid,
        b"status": word,
        b"at": at,
        b"to": sent.to,
        b"callback": sent.callback,
    }


def signature(body: bytes) -> bytes:
    return b"sha256=" + hmac.digest(SECRET.encode(), body, "sha256").hex().encode()
