"""The four group fields."""

from typing import Final

from parley.adapters.whatsapp.parse.change import Change
from parley.adapters.whatsapp.parse.reading import JsonDict, identifier, moment, word
from parley.modules.channels.inbound import GroupEvent, Inbound

FRAME: Final = frozenset({"groups", "metadata", "messaging_product", "contacts"})
REMOVAL: Final = frozenset({"removed_participants", "failed_participants"})


def read_group(change: Change, group: JsonDict) -> Inbound:
    """What happened to a group. Members that Meta puts beside the group object are put into it."""
    beside = {name: member for name, member in change.value.items() if name not in FRAME}
    body: JsonDict = {**beside, **group}
    return GroupEvent(
        account=change.account,
        field=change.field,
        group_id=identifier(body.get("group_id")) or identifier(body.get("id")),
        event=_event(change.field, body),
        at=moment(body.get("timestamp")) or change.at,
        body=body,
    )


def _event(field: str, body: JsonDict) -> str:
    event = word(body.get("type")) or field
    # Meta's own sample of a removal says group_create.
    if event == "group_create" and not REMOVAL.isdisjoint(body):
        return "group_participants_remove"
    return event
