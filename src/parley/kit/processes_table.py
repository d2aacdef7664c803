"""Processes at work, in the database: when each was last seen and what it counted, for /metrics and the doctor."""

from uuid import UUID

import msgspec

from parley.kit.database import Connection

_SEEN = """
insert into process (id, role, seen_at, counters) values ($1, $2, now(), $3)
on conflict (id) do update set seen_at = now(), counters = excluded.counters"""
_COUNTERS = "select counters::text from process"
_FOLD = """
with dead as (
    delete from process where seen_at < now() - interval '10 minutes' and id <> $1 returning counters
), sums as (
    select key, sum(value::numeric) as value from (
        select (jsonb_each_text(counters::jsonb)).* from dead
        union all select (jsonb_each_text(counters::jsonb)).* from process where id = $1
    ) each group by key
)
insert into process (id, role, seen_at, counters)
select $1, 'ended', now(), jsonb_object_agg(key, value) from sums where exists (select from dead)
having count(*) > 0
on conflict (id) do update set counters = excluded.counters, seen_at = now()"""
_ENDED = UUID(int=0)
"""The row that keeps what ended processes had counted, so that totals never go back."""

_decode = msgspec.json.Decoder(dict[str, float]).decode


async def report_process(connection: Connection, process: str, role: str, counted: dict[str, float]) -> None:
    """Say that this process is alive and what it counted; fold in those that ended."""
    await connection.execute(_SEEN, UUID(hex=process), role, msgspec.json.encode(counted).decode())
    await connection.execute(_FOLD, _ENDED)


async def read_counters(connection: Connection) -> dict[str, float]:
    """What all processes counted, by `name|label`."""
    total: dict[str, float] = {}
    for row in await connection.fetch(_COUNTERS):
        for name, value in _decode(row[0]).items():
            total[name] = total.get(name, 0) + value
    return total
