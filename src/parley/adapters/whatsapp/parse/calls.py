"""The `calls` of a value, and the statuses of calls we started."""

from typing import Final

from parley.adapters.whatsapp.parse.change import Change, read_party
from parley.adapters.whatsapp.parse.reading import JsonDict, identifier, items, moment, phone, word
from parley.core.json import JsonValue
from parley.modules.channels.inbound import CallEvent, Inbound, Party

EVENTS: Final = {"call_recording_available": "recording", "call_transcription_available": "transcription"}


def read_call(change: Change, call: JsonDict) -> Inbound:
    """A step of a call. Errors that Meta puts beside the calls travel in each call's body."""
    beside = items(change.value.get("errors"))
    call_id = identifier(call.get("id"))
    event = word(call.get("event"))
    if call_id is None or event is None:
        return change.unknown("a call without an id or event", call)
    outbound, party = _other_side(change, call)
    body = dict(call)
    if beside and "errors" not in body:
        body["errors"] = beside
    if "status" in body:
        # Samples spell it COMPLETED, Completed, and as a list of one.
        body["status"] = (word(body["status"]) or "").upper()
    return CallEvent(
        account=change.account,
        call_id=call_id,
        event=EVENTS.get(event.lower(), event.lower()),
        at=moment(call.get("timestamp")) or change.fallback,
        party=party,
        outbound=outbound,
        body=body,
    )


def read_call_status(change: Change, status: JsonDict, call_id: str) -> Inbound:
    """Ringing, accepted or rejected: only calls that we started have these."""
    event = word(status.get("status"))
    if event is None:
        return change.unknown("a call status without a status", status)
    party = read_party(
        status.get("recipient_id"),
        status.get("recipient_user_id"),
        status.get("recipient_parent_user_id"),
        change.contacts,
    )
    return CallEvent(
        account=change.account,
        call_id=call_id,
        event=event.lower(),
        at=moment(status.get("timestamp")) or change.fallback,
        party=party or Party(),
        outbound=True,
        body=status,
    )


def _other_side(change: Change, call: JsonDict) -> tuple[bool, Party]:
    """Whether we called, and the person: the end that is not our own number, whatever the direction says."""
    direction = (word(call.get("direction")) or "").upper()
    own = change.display_number
    outbound = direction == "BUSINESS_INITIATED" or (not direction and _is_own(own, call.get("from")))
    end = "to" if outbound else "from"
    if _is_own(own, call.get(end)):
        end = "from" if outbound else "to"
    named = [call.get(end), call.get(f"{end}_user_id"), call.get(f"{end}_parent_user_id")]
    party = read_party(named[0], named[1], named[2], change.contacts)
    return outbound, party or Party()


def _is_own(own: str | None, number: JsonValue) -> bool:
    return own is not None and phone(number) == own
