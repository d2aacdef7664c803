"""One webhook delivery becomes a list of facts. Pure; never raises; what is not understood is kept as Unknown.

The members of a value decide who reads it, the field only where members don't tell: Meta's samples carry wrong field
names, and other apps' threads (`standby`) nest the same members one level down.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from parley.adapters.whatsapp.parse.accounts import (
    EVENT_WORDS,
    read_account_event,
    read_automatic_event,
    read_form_event,
    read_preference,
    read_value_error,
)
from parley.adapters.whatsapp.parse.calls import read_call
from parley.adapters.whatsapp.parse.change import Change, guarded, read_change
from parley.adapters.whatsapp.parse.coexistence import read_echo, read_history, read_history_media, read_synced_contact
from parley.adapters.whatsapp.parse.decode import decode, raw
from parley.adapters.whatsapp.parse.groups import read_group
from parley.adapters.whatsapp.parse.messages import read_live_message
from parley.adapters.whatsapp.parse.reading import JsonDict, identifier, items, mappings, moment
from parley.adapters.whatsapp.parse.statuses import read_status
from parley.adapters.whatsapp.parse.templates import is_about_template, read_template
from parley.core.json import JsonValue
from parley.modules.channels.inbound import Account, Inbound, Unknown

NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of an event that came without one, when the caller doesn't say when the delivery was received."""
NOBODY: Final = Account(account_id=None)

Reader = Callable[[Change, JsonDict], Inbound]
ManyReader = Callable[[Change, JsonDict], list[Inbound]]

MEMBERS: Final[dict[str, Reader]] = {
    "messages": read_live_message,
    "statuses": read_status,
    "calls": read_call,
    "message_echoes": read_echo,
    "state_sync": read_synced_contact,
    "user_preferences": read_preference,
    "groups": read_group,
    "automatic_events": read_automatic_event,
}
MANY: Final[dict[str, ManyReader]] = {"history": read_history, "errors": read_value_error}
"""Members whose items hold any number of facts."""
MESSAGES_OF_FIELD: Final[dict[str, Reader]] = {
    "history": read_history_media,
    "smb_message_echoes": read_echo,
    "message_echoes": read_echo,
}
"""Fields whose `messages` are not live messages of people."""


def parse(body: bytes, received_at: datetime = NEVER) -> list[Inbound]:
    """Everything in one delivery, in its order. `received_at` dates events that Meta left without a time."""
    delivery = decode(body)
    if delivery is None:
        return [Unknown(account=NOBODY, field="", reason="the body is not a JSON object", body=raw(body))]
    found: list[Inbound] = []
    for entry in items(delivery.get("entry")):
        _read_entry(entry, received_at, found)
    if not found:
        found.append(Unknown(account=NOBODY, field="", reason="a delivery without entries", body=delivery))
    return found


def _read_entry(entry: JsonValue, received_at: datetime, found: list[Inbound]) -> None:
    if not isinstance(entry, dict):
        found.append(Unknown(account=NOBODY, field="", reason="an entry that is no object", body={"entry": entry}))
        return
    account_id = identifier(entry.get("id"))
    at = moment(entry.get("time"))
    changes = items(entry.get("changes"))
    if not changes:
        account = Account(account_id=account_id)
        found.append(Unknown(account=account, field="", reason="an entry without changes", body=entry, at=at))
    for change in changes:
        if not isinstance(change, dict):
            account = Account(account_id=account_id)
            reason = "a change that is no object"
            found.append(Unknown(account=account, field="", reason=reason, body={"change": change}, at=at))
            continue
        framed = read_change(account_id, change, at, received_at)
        before = len(found)
        _read_value(framed, found)
        if len(found) == before:
            found.append(framed.unknown("nothing in this value is understood", change))


def _read_value(change: Change, found: list[Inbound]) -> None:
    value = change.value
    whole = _whole_reader(change)
    if whole is not None:
        _read_item(change, whole, value, found)
        return
    for member, content in value.items():
        if member in MEMBERS:
            reader = _reader_of(change, member)
            for item in items(content):
                _read_item(change, reader, item, found)
        elif member in MANY:
            _read_items(change, MANY[member], content, found)
    if "standby" in value and isinstance(value["standby"], dict):
        change.field = "standby"
        change.value = value["standby"]
        _read_value(change, found)


def _reader_of(change: Change, member: str) -> Reader:
    if member == "messages":
        return MESSAGES_OF_FIELD.get(change.field, read_live_message)
    return MEMBERS[member]


def _whole_reader(change: Change) -> Reader | None:
    """Who reads a value that is one fact as a whole."""
    value = change.value
    if "messages" in value or "statuses" in value:
        return None
    if is_about_template(value):
        return read_template
    if change.field == "flows" or "flow_id" in value:
        return read_form_event
    return read_account_event if change.field in EVENT_WORDS and value else None


def _read_item(change: Change, reader: Reader, item: JsonValue, found: list[Inbound]) -> None:
    if isinstance(item, dict):
        found.append(guarded(change, reader, item))
    else:
        found.append(change.unknown("an item that is no object", {"item": item}))


def _read_items(change: Change, reader: ManyReader, content: JsonValue, found: list[Inbound]) -> None:
    for item in mappings(content):
        try:
            found.extend(reader(change, item))
        except Exception as error:  # noqa: BLE001 - whatever a payload provokes is a fact about the payload
            found.append(change.unknown(f"reading failed: {type(error).__name__}", item))


__all__ = ["parse"]
