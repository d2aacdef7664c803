"""One change of a webhook delivery: the account it is about, its field, its value, and the people named in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from parley.adapters.whatsapp.parse.reading import (
    JsonDict,
    identifier,
    integer,
    items,
    mapping,
    mappings,
    phone,
    text,
)
from parley.core import phones
from parley.core.json import JsonObject, JsonValue
from parley.modules.channels.inbound import Account, Inbound, Party, ProviderError, Unknown

MAX_NAME_CHARS = 512
"""WhatsApp shows 25 characters of a profile name; a longer text is not a name."""


@dataclass(slots=True, kw_only=True)
class Change:
    """What every reader of a webhook field is given."""

    account: Account
    field: str
    value: JsonDict
    at: datetime | None
    """`entry.time`, where Meta sent it."""
    fallback: datetime
    """For events that must have a time and come without: `entry.time`, or when the delivery was received."""
    contacts: Sequence[JsonDict]

    @property
    def display_number(self) -> str | None:
        """The business's own number in E.164, where the value tells it."""
        metadata = mapping(self.value.get("metadata")) or {}
        return phone(metadata.get("display_phone_number") or self.value.get("display_phone_number"))

    def unknown(self, reason: str, body: JsonObject) -> Unknown:
        """What this item becomes when it is not understood."""
        return Unknown(account=self.account, field=self.field, reason=reason, body=body, at=self.at)


def guarded(change: Change, reader: Callable[[Change, JsonDict], Inbound], item: JsonDict) -> Inbound:
    """What the reader makes of the item; Unknown when it fails, so that no item spoils its neighbours."""
    try:
        return reader(change, item)
    except Exception as error:  # noqa: BLE001 - whatever a payload provokes is a fact about the payload
        return change.unknown(f"reading failed: {type(error).__name__}", item)


def read_change(account_id: str | None, change: JsonDict, at: datetime | None, received_at: datetime) -> Change:
    """The frame of one change. Its value is empty when Meta sent none."""
    value = mapping(change.get("value")) or {}
    metadata = mapping(value.get("metadata")) or {}
    field = change.get("field")
    return Change(
        account=Account(account_id=account_id, number_id=identifier(metadata.get("phone_number_id"))),
        field=field[:100] if isinstance(field, str) else "",
        value=value,
        at=at,
        fallback=at or received_at,
        contacts=[item for item in items(value["contacts"]) if isinstance(item, dict)] if "contacts" in value else (),
    )


def read_party(
    number: JsonValue, user_id: JsonValue, parent_id: JsonValue, contacts: Sequence[JsonDict]
) -> Party | None:
    """The person named by a number and user ids, completed from the `contacts` beside; None when nobody is named.

    Some senders put the user id where the number belongs. A text that is neither number nor user id is kept as an
    opaque user id, so that its messages still are one person's.
    """
    named = identifier(number)
    known_phone = phone(named)
    known_user = identifier(user_id)
    if named and not known_phone and not known_user:
        known_user = named
    contact = _contact_of(known_phone, known_user, contacts)
    if contact is None:
        if not known_phone and not known_user:
            return None
        return Party(phone=known_phone, user_id=known_user, parent_user_id=identifier(parent_id))
    profile = mapping(contact.get("profile")) or {}
    return Party(
        phone=known_phone or phone(contact.get("wa_id")),
        user_id=known_user or identifier(contact.get("user_id")),
        parent_user_id=identifier(parent_id) or identifier(contact.get("parent_user_id")),
        username=username(profile.get("username") or contact.get("username")),
        name=name(profile.get("name")),
    )


def _contact_of(known_phone: str | None, known_user: str | None, contacts: Sequence[JsonDict]) -> JsonDict | None:
    if not known_phone and not known_user:
        return contacts[0] if len(contacts) == 1 and _names_somebody(contacts[0]) else None
    for contact in contacts:
        wa_id = contact.get("wa_id")
        if known_user and (contact.get("user_id") == known_user or wa_id == known_user):
            return contact
        if known_phone and wa_id and _same_person(known_phone, wa_id):
            return contact
    return None


def _same_person(number: str, wa_id: JsonValue) -> bool:
    if wa_id == number[1:]:
        return True
    other = phone(wa_id)
    return other is not None and phones.canonical(other) == phones.canonical(number)


def _names_somebody(contact: JsonDict) -> bool:
    return bool(phone(contact.get("wa_id")) or identifier(contact.get("user_id")))


def username(value: JsonValue) -> str | None:
    """A username without its leading `@`."""
    found = identifier(value)
    return (found.removeprefix("@") or None) if found else None


def name(value: JsonValue) -> str | None:
    """A person's name as shown, cut where it can't be one any more."""
    found = text(value)
    return found[:MAX_NAME_CHARS] if found else None


def read_errors(value: JsonValue) -> tuple[ProviderError, ...]:
    """The members of an `errors` list; entries that are no objects are passed over."""
    if value is None:
        return ()
    return tuple(_error(item) for item in mappings(value))


def _error(item: JsonDict) -> ProviderError:
    data = item.get("error_data")
    detail = data.get("details") if isinstance(data, dict) else data
    title = text(item.get("title")) or text(item.get("message")) or "error"
    found = text(detail) or text(item.get("details")) or text(item.get("message"))
    return ProviderError(
        code=integer(item.get("code")) or 0,
        title=title,
        detail=found,
        doc_url=text(item.get("href")),
    )
