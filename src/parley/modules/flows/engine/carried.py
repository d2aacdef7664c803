"""What a customer's message carries beside its words: a place, contacts, an order, the answers of a form, a file."""

from collections.abc import Mapping
from typing import Final

import msgspec

from parley.core.content import Content
from parley.core.json import JsonObject, JsonValue
from parley.modules.flows.engine import limits
from parley.modules.flows.engine.words import clean, find_phone

FILES: Final = ("image", "video", "audio", "document", "sticker")
"""Kinds of message that are a file."""

_WHOLE: Final = frozenset({"location", "contacts", "order"})
_OF_A_FILE: Final = ("mime_type", "filename", "caption")


def carried_by(content: Content) -> JsonObject | None:
    """The data of an inbound message, at most VALUE_BYTES of it; None where it carries none, or too much."""
    body = content.body
    data: JsonObject | None = None
    if content.kind in _WHOLE:
        data = body
    elif content.kind in FILES:
        data = {name: body[name] for name in _OF_A_FILE if isinstance(body.get(name), str)}
    elif content.kind == "interactive":
        data = _form(body.get("nfm_reply"))
    if data is None:
        return None
    cleaned = _clean(data)
    fits = isinstance(cleaned, dict) and len(msgspec.json.encode(cleaned)) <= limits.VALUE_BYTES
    return cleaned if fits and isinstance(cleaned, dict) else None


def place_in(data: Mapping[str, object] | None) -> JsonObject | None:
    """A location message as authors keep it: latitude, longitude, and name and address where it has them."""
    if data is None or not isinstance(data.get("latitude"), int | float):
        return None
    if not isinstance(data.get("longitude"), int | float):
        return None
    place: JsonObject = {name: data[name] for name in ("latitude", "longitude")}  # type: ignore[misc]  # numbers, as seen
    words: JsonObject = {name: str(data[name]) for name in ("name", "address") if data.get(name)}
    return {**place, **words}


def phone_in(data: Mapping[str, object] | None) -> str | None:
    """The first phone number of the contacts that a message brings, as E.164."""
    contacts = data.get("contacts") if data is not None else None
    for contact in contacts if isinstance(contacts, list | tuple) else ():
        phones = contact.get("phones") if isinstance(contact, Mapping) else None
        for phone in phones if isinstance(phones, list | tuple) else ():
            written = [phone.get("phone"), phone.get("wa_id")] if isinstance(phone, Mapping) else []
            for each in written:
                number = find_phone(each if each.startswith("+") else f"+{each}") if isinstance(each, str) else None
                if number is not None:
                    return number
    return None


def _form(reply: JsonValue) -> JsonObject | None:
    """The answers in a form's reply; they come as JSON in a text."""
    written = reply.get("response_json") if isinstance(reply, Mapping) else None
    if isinstance(written, Mapping):
        return dict(written)
    try:
        answers: JsonValue = msgspec.json.decode(clean(written)) if isinstance(written, str) else None
    except (msgspec.DecodeError, RecursionError):
        return None
    return answers if isinstance(answers, dict) else None


def _clean(value: JsonValue) -> JsonValue:
    """The value without lone surrogates, which no encoding can carry on."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {clean(name): _clean(item) for name, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, list | tuple) else value
