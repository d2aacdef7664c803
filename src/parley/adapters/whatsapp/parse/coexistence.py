"""Numbers used in the Business app as well: echoes of what was sent there, its history, its phone book."""

from functools import partial
from typing import Final

from parley.adapters.whatsapp.parse.accounts import account_event
from parley.adapters.whatsapp.parse.change import Change, guarded, name, read_party, username
from parley.adapters.whatsapp.parse.messages import Source, read_message
from parley.adapters.whatsapp.parse.reading import JsonDict, identifier, mapping, mappings, moment, phone, text, word
from parley.modules.channels.inbound import ContactSynced, Inbound, Party

HISTORY_STATUSES: Final = {
    "ERROR": "failed",
    "PENDING": "sending",
    "SENT": "sent",
    "DELIVERED": "delivered",
    "READ": "read",
    "PLAYED": "played",
}


def read_echo(change: Change, message: JsonDict) -> Inbound:
    """A message that the business sent elsewhere; its person is the one written to."""
    party = read_party(message.get("to"), message.get("to_user_id"), message.get("to_parent_user_id"), change.contacts)
    if party is None:
        return change.unknown("an echo without a recipient", message)
    return read_message(change, message, Source(party=party, origin="echo", outbound=True))


def read_history(change: Change, chunk: JsonDict) -> list[Inbound]:
    """A chunk of old conversations with an event of its progress; or the refusal to share them."""
    found: list[Inbound] = []
    if errors := list(mappings(chunk.get("errors"))):
        found.append(account_event(change, "errors", {"errors": errors}))
    if progress := mapping(chunk.get("metadata")):
        found.append(account_event(change, "progress", progress))
    for thread in mappings(chunk.get("threads")):
        party = _person_of(change, thread)
        reader = partial(_old_message, party)
        found.extend(guarded(change, reader, message) for message in mappings(thread.get("messages")))
    return found


def read_history_media(change: Change, message: JsonDict) -> Inbound:
    """An old message by itself: the file that a chunk announced with a placeholder."""
    return _old_message(None, change, message)


def _person_of(change: Change, thread: JsonDict) -> Party | None:
    told = mapping(thread.get("context")) or {}
    party = read_party(thread.get("id") or told.get("wa_id"), told.get("user_id"), None, change.contacts)
    if party is None:
        return None
    return Party(
        phone=party.phone or phone(told.get("wa_id")),
        user_id=party.user_id,
        parent_user_id=party.parent_user_id,
        username=party.username or username(told.get("username")),
        name=party.name,
    )


def _old_message(party: Party | None, change: Change, message: JsonDict) -> Inbound:
    outbound = _is_outbound(change, message, party)
    end = "to" if outbound else "from"
    if party is None:
        named = [message.get(end), message.get(f"{end}_user_id"), message.get(f"{end}_parent_user_id")]
        party = read_party(named[0], named[1], named[2], change.contacts)
    if party is None:
        return change.unknown("an old message without a person", message)
    context = mapping(message.get("history_context")) or {}
    status = (word(context.get("status")) or "").upper()
    source = Source(
        party=party,
        origin="history",
        outbound=outbound,
        history_status=HISTORY_STATUSES.get(status) or (status.lower() or None),
    )
    return read_message(change, message, source)


def _is_outbound(change: Change, message: JsonDict, party: Party | None) -> bool:
    sender = phone(message.get("from"))
    if sender is not None and sender == change.display_number:
        return True
    if party is not None and sender is not None and sender == party.phone:
        return False
    return bool(message.get("to") or message.get("to_user_id"))


def read_synced_contact(change: Change, item: JsonDict) -> Inbound:
    """An entry of the phone book; a changed one comes as added again."""
    contact = mapping(item.get("contact"))
    if contact is None:
        return change.unknown("a phone book change without a contact", item)
    party = Party(
        phone=phone(contact.get("phone_number")),
        user_id=identifier(contact.get("user_id")),
        username=username(contact.get("username")),
        name=name(contact.get("full_name")) or name(contact.get("first_name")),
    )
    if not (party.phone or party.user_id or party.username):
        return change.unknown("a phone book entry of nobody", item)
    stamp = mapping(item.get("metadata")) or {}
    return ContactSynced(
        account=change.account,
        party=party,
        removed=text(item.get("action")) == "remove",
        at=moment(stamp.get("timestamp")) or change.fallback,
    )
