"""Read what flows told other systems."""

from collections.abc import Sequence
from uuid import UUID

from parley.kit.unit import Unit
from parley.modules.flows.store import told
from parley.modules.privacy import People


async def told_by_flows(unit: Unit, people: People, events: Sequence[UUID]) -> dict[UUID, dict[str, object]]:
    """The data of `flow.event`s by the event's id, as far as it is kept and its contact is not erased."""
    rows = await told.of_events(unit, events)
    keys = await people.keys_of([(row.workspace, row.contact) for row in rows])
    return {
        row.event: told.DATA.unseal(keys[row.contact], row.workspace, row.event, row.data)
        for row in rows
        if row.contact in keys
    }
