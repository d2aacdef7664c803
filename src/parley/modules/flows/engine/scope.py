"""What texts can show: `{{ contact.name }}`, `{{ vars.order }}`. One list, for running, checking and completing."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from parley.modules.flows.engine.world import Input

if TYPE_CHECKING:
    from parley.modules.flows.engine.turn import Turn

ROOTS: Final[Mapping[str, Mapping[str, str] | None]] = {
    "input": {
        "text": "the customer's last words",
        "payload": "what a tap on an own button sent",
        "kind": "the kind of the customer's last message, such as text or image",
        "data": "what it carried: latitude and longitude, contacts, an order, the answers of a form",
    },
    "contact": {
        "id": "the contact's id",
        "name": "the contact's name",
        "phone": "the phone number as +15550001111",
        "language": "the language spoken, such as en or pt-BR",
        "tags": "the contact's tags, a list",
        "timezone": "where the contact lives, such as Europe/Berlin",
    },
    "fields": None,
    "vars": None,
    "session": None,
    "settings": None,
    "flow": {"id": "this flow's id", "name": "this flow's name"},
    "conversation": {"id": "the conversation's id", "channel_id": "the channel's id"},
    "args": None,
    "now": {},
    "today": {},
}
"""The first name of a path; under it the names there are, with what they show. None: whatever the author puts there."""

_NOTHING = Input()


def scope_of(turn: "Turn") -> dict[str, object]:
    """The values of all roots for the run that has the turn."""
    contact, world, received, library = turn.world.contact, turn.world, turn.input or _NOTHING, turn.library
    now = world.now.astimezone(library.zone).isoformat(timespec="seconds")
    return {
        "input": {"text": received.text, "payload": received.payload, "kind": received.kind, "data": received.data},
        "contact": {
            "id": contact.id,
            "name": contact.name,
            "phone": contact.phone,
            "language": turn.language,
            "tags": sorted(turn.tags),
            "timezone": contact.timezone or str(library.zone),
        },
        "fields": turn.fields,
        "vars": turn.run.variables,
        "session": turn.session_variables,
        "settings": library.settings,
        "flow": library.flow,
        "conversation": {"id": world.conversation_id, "channel_id": world.channel_id},
        "now": now,
        "today": now[:10],
    }
