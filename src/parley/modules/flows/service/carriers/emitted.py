"""Tell authors' own events: the name in the fact, the data sealed beside it."""

from collections.abc import Sequence

from parley.kit.unit import Unit
from parley.modules.flows.engine.events.asking_the_world import Emitted
from parley.modules.flows.events import FlowTold
from parley.modules.flows.service.carriers.facts import fact
from parley.modules.flows.service.carriers.tools import Tools
from parley.modules.flows.service.turn import Happened
from parley.modules.flows.store import told


async def carry_emitted(tools: Tools, unit: Unit, happened: Sequence[Happened]) -> None:
    """A fact each; what it says may be personal, so it is sealed with the contact's key."""
    rows: list[told.ToldRow] = []
    for each in happened:
        if not isinstance(each.event, Emitted):
            continue
        recorded = fact(FlowTold, each, {"name": each.event.name})
        unit.record(recorded)
        if each.event.data:
            thread = each.turn.thread
            key = tools.directory.people.held_key(thread.contact)
            data = told.DATA.seal(key, thread.workspace, recorded.id, each.event.data)
            rows.append(told.ToldRow(thread.workspace, recorded.id, thread.contact, recorded.at, data))
    if rows:
        await told.add(unit, rows)
