"""SQL of what flows did, counted: added up from the log some minutes later, and read together with what is not yet."""

from dataclasses import dataclass
from datetime import date, datetime

from parley.kit import sql
from parley.kit.unit import Unit

_BEGIN = "insert into flow_tally (counted_to) values (to_timestamp(0)) on conflict do nothing"
_COUNTED_TO = "select counted_to from flow_tally for update"
_SET_COUNTED_TO = "update flow_tally set counted_to = $1"
_FIRST = "select min(at) from flow_sprint where at >= $1"
_ADD_UP = """
insert into flow_count as c (workspace_id, slug, flow_version, day, node, exit, count)
select s.workspace_id, x ->> 0, (x ->> 1)::int, (s.at at time zone 'UTC')::date, x ->> 2, x ->> 3, count(*)
from flow_sprint s, jsonb_array_elements(s.steps::jsonb) x
where s.at >= $1 and s.at < $2 group by 1, 2, 3, 4, 5, 6
on conflict (workspace_id, slug, flow_version, day, node, exit) do update set count = c.count + excluded.count"""
_COUNTS = """
select node, exit, sum(count)::bigint from (
    select node, exit, count from flow_count
    where workspace_id = $1 and slug = $2 and flow_version = $3 and day between $4 and $5
    union all
    select x ->> 2, x ->> 3, 1 from flow_sprint s, jsonb_array_elements(s.steps::jsonb) x
    where s.workspace_id = $1 and s.at >= coalesce((select counted_to from flow_tally), to_timestamp(0))
        and x ->> 0 = $2 and (x ->> 1)::int = $3 and (s.at at time zone 'UTC')::date between $4 and $5
) found group by node, exit"""
_FORGET = "delete from flow_count where workspace_id = $1 and slug = $2"


@dataclass(frozen=True, slots=True)
class CountRow:
    node: str
    exit: str
    count: int


async def counted_to(unit: Unit) -> datetime:
    """Up to when steps are added up; nobody else adds any up until this unit is over. Needs the lane `sweep`."""
    await sql.execute_many(unit, _BEGIN)
    return (await sql.fetch_many(unit, _COUNTED_TO))[0][0]  # type: ignore[no-any-return]


async def first_after(unit: Unit, moment: datetime) -> datetime | None:
    """When the next step was taken."""
    return (await sql.fetch_many(unit, _FIRST, moment))[0][0]  # type: ignore[no-any-return]


async def add_up(unit: Unit, since: datetime, until: datetime) -> None:
    """Count the steps of this time, and remember that they are."""
    await sql.execute_many(unit, _ADD_UP, since, until)
    await sql.execute_many(unit, _SET_COUNTED_TO, until)


async def counts(unit: Unit, slug: str, version: int, days: tuple[date, date]) -> list[CountRow]:
    """How often each node of a version was left by each exit, on these days (UTC), to this moment."""
    return [CountRow(*row) for row in await sql.fetch(unit, _COUNTS, slug, version, *days)]


async def forget(unit: Unit, slug: str) -> None:
    """Delete a flow's counts."""
    await sql.execute(unit, _FORGET, slug)
