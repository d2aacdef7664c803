"""Deliveries as Meta posts them, written as bytes."""

import itertools
import json
from collections.abc import Mapping
from typing import Protocol

from parley.core.ids import MessageId
from parley.core.time import unix_seconds

_numbers = itertools.count(1)


class Numbered(Protocol):
    """A channel by Meta's ids."""

    @property
    def number_id(self) -> str: ...
    @property
    def account_id(self) -> str: ...


def delivery(at: Numbered, field: str, value: Mapping[str, object], *, plain: bool = False) -> bytes:
    """One change of one account; `plain` leaves the number's metadata out."""
    metadata = {"display_phone_number": "15550009999", "phone_number_id": at.number_id}
    whole = value if plain else {"messaging_product": "whatsapp", "metadata": metadata, **value}
    change = {"field": field, "value": whole}
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": at.account_id, "changes": [change]}]}
    ).encode()


def person(phone: str | None, user_id: str | None = None, name: str | None = None) -> dict[str, object]:
    """An item of `contacts`."""
    contact: dict[str, object] = {"profile": {"name": name}} if name else {}
    if phone:
        contact["wa_id"] = phone.lstrip("+")
    if user_id:
        contact["user_id"] = user_id
    return contact


def message(at: Numbered, phone: str | None, body: Mapping[str, object], **more: str | None) -> bytes:
    """A message of a person; `more`: name, user_id, id, timestamp, group_id."""
    item: dict[str, object] = {
        "id": more.get("id") or f"wamid.in{next(_numbers)}",
        "timestamp": more.get("timestamp") or str(int(unix_seconds())),
        **body,
    }
    if phone:
        item["from"] = phone.lstrip("+")
    if more.get("user_id"):
        item["from_user_id"] = more["user_id"]
    if more.get("group_id"):
        item["group_id"] = more["group_id"]
    return delivery(
        at, "messages", {"contacts": [person(phone, more.get("user_id"), more.get("name"))], "messages": [item]}
    )


def text(at: Numbered, phone: str | None, words: str, **more: str | None) -> bytes:
    """A text message of a person."""
    return message(at, phone, {"type": "text", "text": {"body": words}}, **more)


def tap(at: Numbered, phone: str, button: str, title: str) -> bytes:
    """A tapped reply button."""
    reply = {"type": "button_reply", "button_reply": {"id": button, "title": title}}
    return message(at, phone, {"type": "interactive", "interactive": reply})


def choose(at: Numbered, phone: str, row: str, title: str) -> bytes:
    """A chosen list row."""
    reply = {"type": "list_reply", "list_reply": {"id": row, "title": title}}
    return message(at, phone, {"type": "interactive", "interactive": reply})


def status(at: Numbered, provider_id: str, kind: str, *, ours: MessageId | None = None, **more: object) -> bytes:
    """How far a message came; `ours` is our id as Meta carries it back."""
    item: dict[str, object] = {
        "id": provider_id,
        "status": kind,
        "timestamp": str(int(unix_seconds())),
        "recipient_id": "15550001111",
        **more,
    }
    if ours is not None:
        item["biz_opaque_callback_data"] = f"msg_{ours.hex}"
    return delivery(at, "messages", {"statuses": [item]})


def error(code: int, title: str = "Refused", detail: str | None = None) -> dict[str, object]:
    """An item of `errors`."""
    found: dict[str, object] = {"code": code, "title": title, "message": title}
    return {**found, "error_data": {"details": detail}} if detail else found
