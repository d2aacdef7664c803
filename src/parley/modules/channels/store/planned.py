"""SQL of deliveries that come in later."""

from collections.abc import Sequence
from datetime import datetime

from parley.kit import sql
from parley.kit.unit import Unit

_ADD = """
insert into planned_delivery (due_at, shard, body)
select * from unnest($1::timestamptz[], $2::smallint[], $3::bytea[])"""
_TAKE = """
with due as (
    delete from planned_delivery where id in (
        select id from planned_delivery where due_at <= $1 order by due_at, id limit $2 for update skip locked)
    returning id, due_at, shard, body
)
insert into delivery (shard, body) select shard, body from due order by due_at, id returning id"""


async def add(unit: Unit, due: Sequence[datetime], shards: Sequence[int], bodies: Sequence[bytes]) -> None:
    await sql.execute_many(unit, _ADD, due, shards, bodies)


async def hand_over(unit: Unit, now: datetime, limit: int) -> int:
    """Let what is due come in, as if it had just been posted; how many."""
    return len(await sql.fetch_many(unit, _TAKE, now, limit))
