"""List the flows of a workspace."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.core.ids import FlowId
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.flows.store import definitions


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A flow, without its definitions."""

    id: FlowId
    name: str
    live_version: int | None
    latest_version: int
    created_at: datetime


async def list_flows(unit: Unit, keys: KeyService, after: UUID | None, limit: int) -> list[Flow]:
    """A page, newest first."""
    own = await keys.scope(unit.workspace)
    return [
        Flow(
            id=row.id,
            name=definitions.NAME.unseal(own.data, unit.workspace, row.id, row.name),
            live_version=row.live_version,
            latest_version=row.latest_version,
            created_at=row.created_at,
        )
        for row in await definitions.page(unit, after, limit)
    ]
