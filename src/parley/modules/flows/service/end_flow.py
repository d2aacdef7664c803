"""Put a flow away so that it starts no more, take it out again, or delete it for good."""

from uuid import UUID

from parley.core.errors import Conflict
from parley.core.ids import FlowId
from parley.core.time import now
from parley.kit.unit import Unit
from parley.modules.flows.events import FlowArchived
from parley.modules.flows.service.get_flow import held_flow
from parley.modules.flows.store import counts, definitions, lives


async def archive_flow(unit: Unit, wanted: UUID) -> None:
    """Let it start no more; sessions under way go on. Raises NotFound."""
    row = await held_flow(unit, wanted)
    if row.archived_at is None:
        await lives.archive(unit, row.id, now())
        unit.record(FlowArchived(workspace=unit.workspace, at=now(), subject=row.id))
        unit.wake("flows")


async def restore_flow(unit: Unit, wanted: UUID) -> None:
    """Let its published version answer again. Raises NotFound."""
    row = await held_flow(unit, wanted)
    await lives.archive(unit, row.id, None)
    unit.wake("flows")


async def delete_flow(unit: Unit, wanted: UUID) -> None:
    """Delete it with all its versions. Raises NotFound, and Conflict while it answers or conversations stand in it."""
    await definitions.hold(unit, FlowId(wanted))
    row = await held_flow(unit, wanted)
    if row.archived_at is None and (row.live_version is not None or row.trial_version is not None):
        raise Conflict("This flow answers customers; archive it first.", code="flow_in_use")
    waiting = await lives.waiting_in(unit, row.id)
    if waiting:
        sentence = f"{waiting} conversations still stand in this flow; delete it when they are over."
        raise Conflict(sentence, code="flow_in_use")
    await lives.remove(unit, row.id)
    await counts.forget(unit, row.slug)
    unit.wake("flows")
