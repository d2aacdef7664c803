"""SQL of what flows told other systems."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.core.ids import ContactId, WorkspaceId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit

DATA = SealedColumn("flow_told", "data", dict[str, object])

_ADD = """
insert into flow_told (workspace_id, event_id, contact_id, at, data)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::bytea[])"""
_OF = """
select workspace_id, event_id, contact_id, at, data from flow_told
where workspace_id = $1 and event_id = any($2::uuid[])"""
_FORGET = """
delete from flow_told t using (select workspace_id, event_id from flow_told where at < $1 limit $2) old
where t.workspace_id = old.workspace_id and t.event_id = old.event_id returning t.event_id"""


@dataclass(frozen=True, slots=True)
class ToldRow:
    workspace: WorkspaceId
    event: UUID
    contact: ContactId
    at: datetime
    data: bytes


async def add(unit: Unit, rows: Sequence[ToldRow]) -> None:
    """Keep what events say, their data sealed."""
    columns = zip(*[(each.workspace, each.event, each.contact, each.at, each.data) for each in rows], strict=True)
    await sql.execute_many(unit, _ADD, *map(list, columns))


async def of_events(unit: Unit, events: Sequence[UUID]) -> list[ToldRow]:
    """What these events say, as far as it is kept."""
    return [ToldRow(*row) for row in await sql.fetch(unit, _OF, list(events))]


async def forget(unit: Unit, before: datetime, limit: int) -> int:
    """Delete what is older; how many rows went. Needs the lane `sweep`."""
    return len(await sql.fetch_many(unit, _FORGET, before, limit))
