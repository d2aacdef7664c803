"""SQL of the starts that flows asked for: each is noted, so that it happens once."""

from datetime import datetime

from parley.kit import sql
from parley.kit.unit import Unit

_NOTE = "insert into flow_start (workspace_id, id, at) values ($1, $2, $3) on conflict do nothing returning id"
_FORGET = """
delete from flow_start s using (select workspace_id, id from flow_start where at < $1 limit $2) old
where s.workspace_id = old.workspace_id and s.id = old.id returning s.id"""


async def note(unit: Unit, start: str, at: datetime) -> bool:
    """Whether this start was not asked for before."""
    return bool(await sql.fetch(unit, _NOTE, start, at))


async def forget(unit: Unit, before: datetime, limit: int) -> int:
    """Delete what is older; how many rows went. Needs the lane `sweep`."""
    return len(await sql.fetch_many(unit, _FORGET, before, limit))
