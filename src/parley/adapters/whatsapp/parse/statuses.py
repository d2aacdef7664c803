"""The `statuses` of a value: how far our messages came, and the ringing of our calls."""

from typing import Final, Literal

from parley.adapters.whatsapp.parse.calls import read_call_status
from parley.adapters.whatsapp.parse.change import Change, read_errors, read_party
from parley.adapters.whatsapp.parse.reading import JsonDict, identifier, mapping, moment, phone, word
from parley.modules.channels.inbound import Inbound, Party, StatusChange

Status = Literal["sent", "delivered", "read", "played", "failed"]
STATUSES: Final[dict[str, Status]] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "played",
    "failed": "failed",
}


def read_status(change: Change, status: JsonDict) -> Inbound:
    """A status of a message; one of type `call` is a step of a call."""
    provider_id = identifier(status.get("id"))
    if provider_id is None:
        return change.unknown("a status without an id", status)
    if status.get("type") == "call" or provider_id.startswith("wacid."):
        return read_call_status(change, status, provider_id)
    return _status(change, status, provider_id)


def _status(change: Change, status: JsonDict, provider_id: str) -> Inbound:
    name = STATUSES.get((word(status.get("status")) or "").lower())
    if name is None:
        return change.unknown(f"an unfamiliar status: {word(status.get('status'))}", status)
    conversation = status.get("conversation")
    expires = conversation.get("expiration_timestamp") if isinstance(conversation, dict) else None
    group_id, participant, recipient = _recipient(change, status)
    return StatusChange(
        account=change.account,
        provider_id=provider_id,
        status=name,
        at=moment(status.get("timestamp")) or change.fallback,
        recipient=recipient,
        callback_data=identifier(status.get("biz_opaque_callback_data")),
        participant=participant,
        group_id=group_id,
        errors=read_errors(status.get("errors")),
        pricing=mapping(status.get("pricing")),
        window_expires_at=moment(expires),
    )


def _recipient(change: Change, status: JsonDict) -> tuple[str | None, str | None, Party]:
    """The group (if it is one), whose copy this is about, and the person."""
    user_id = status.get("recipient_user_id")
    parent_id = status.get("recipient_parent_user_id")
    if status.get("recipient_type") != "group":
        party = read_party(status.get("recipient_id"), user_id, parent_id, change.contacts)
        return None, None, party or Party()
    # Meta's text spells the member both ways.
    member = status.get("recipient_participant_id") or status.get("participant_recipient_id")
    named = identifier(member) or identifier(user_id)
    party = read_party(member, user_id, parent_id, change.contacts) if named else None
    return identifier(status.get("recipient_id")), phone(member) or named, party or Party()
