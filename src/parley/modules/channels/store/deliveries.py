"""SQL of raw deliveries and of notices: what came in, before and after it was read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.core.ids import ChannelId, WorkspaceId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.database import Connection
from parley.kit.unit import Unit
from parley.kit.wake import PREFIX
from parley.modules.channels.domain import GIVE_UP_AFTER, PARKED, Queue

READERS = {Queue.PEOPLE: 2, Queue.STATUSES: 1}
"""Readers of a queue in one worker: for people two, of whom one reads while the other waits for the database."""
FEW_SHARDS = 8
"""Not worth dividing: a batch of fewer would cost more than it saves in waiting."""

NOTICE = SealedColumn("notice", "body", dict[str, object])

_STORE = f"""
with stored as (
    insert into delivery (queue, shard, body) select * from unnest($1::smallint[], $2::smallint[], $3::bytea[])
)
select pg_notify('{PREFIX}' || name, '') from unnest($4::text[]) as name"""
# The oldest first, whatever their shard: ordered by shard, those of the last shards would wait for ever under load.
# Of many shards a reader takes its part only, so that the other readers have something to do.
_CLAIM = f"""
with oldest as materialized (
    select ctid, id, shard from delivery where queue = $3 and attempts < {GIVE_UP_AFTER} order by id limit 4 * $2::int
), waiting as materialized (
    select shard, min(id) as first from oldest group by shard
), mine as materialized (
    select shard from (select shard from waiting order by first offset 0) w
    where pg_try_advisory_xact_lock($1::int, shard)
    limit greatest({FEW_SHARDS}, (select count(*) from waiting) / $4::int)
), taken as materialized (
    select ctid from oldest join mine using (shard) order by id limit $2
)
delete from delivery d using taken t where d.ctid = t.ctid and d.attempts < {GIVE_UP_AFTER}
returning d.id, d.queue, d.shard, d.received_at, d.attempts, d.body"""
_PUT_BACK = """
insert into delivery (queue, shard, received_at, attempts, body) values ($1, $2, $3, $4, $5)"""
_UNPARK = f"update delivery set attempts = 0 where attempts = {PARKED}"
_NOTICES = """
insert into notice (workspace_id, id, channel_id, digest, kind, field, event, at, body)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bytea[], $5::text[], $6::text[], $7::text[],
    $8::timestamptz[], $9::bytea[])
on conflict do nothing returning workspace_id, id"""
_PAGE = """
select workspace_id, id, channel_id, kind, field, event, at, received_at, body from notice
where workspace_id = $1 and ($2::uuid is null or id < $2) and ($4::uuid is null or channel_id = $4)
order by id desc limit $3"""
_NOTICES_OF = """
select workspace_id, id, channel_id, kind, field, event, at, received_at, body from notice
where workspace_id = $1 and id = any($2::uuid[])"""
_COUNTS = f"""
select count(*) filter (where attempts < {GIVE_UP_AFTER}) as waiting,
    count(*) filter (where attempts = {PARKED}) as unrouted,
    count(*) filter (where attempts between {GIVE_UP_AFTER} and {PARKED} - 1) as failed,
    extract(epoch from now() - min(received_at) filter (where attempts < {GIVE_UP_AFTER})) as age
from delivery"""

ADVISORY_SPACE = 0x7061726C
"""First half of the advisory locks that lease shards (`parl` in ASCII, and on: one number a queue)."""


WAKES = {Queue.PEOPLE: "intake", Queue.STATUSES: "statuses"}
"""The lane that reads each queue."""


@dataclass(frozen=True, slots=True)
class NewDelivery:
    queue: Queue
    shard: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Delivery:
    id: int
    queue: int
    shard: int
    received_at: datetime
    attempts: int
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    workspace: WorkspaceId
    id: UUID
    channel: ChannelId | None
    digest: bytes
    kind: str
    field: str
    event: str
    at: datetime | None
    body: bytes


@dataclass(frozen=True, slots=True)
class StoredNotice:
    workspace: WorkspaceId
    id: UUID
    channel: ChannelId | None
    kind: str
    field: str
    event: str
    at: datetime | None
    received_at: datetime
    body: bytes


@dataclass(frozen=True, slots=True)
class Backlog:
    """Deliveries not read: waiting, of a number no channel has, failed again and again; the oldest's age in seconds."""

    waiting: int
    unrouted: int
    failed: int
    age: float


async def store(connection: Connection, group: Sequence[NewDelivery]) -> None:
    """Store a group of sealed deliveries in one statement, one commit, and wake the readers."""
    queues = [each.queue for each in group]
    wakes = [WAKES[queue] for queue in set(queues)]
    await connection.execute(_STORE, queues, [each.shard for each in group], [each.body for each in group], wakes)


async def claim(unit: Unit, queue: Queue, limit: int) -> list[Delivery]:
    """Take waiting deliveries of shards that no other worker holds, in order; they come back if the unit fails."""
    rows = await sql.fetch_many(unit, _CLAIM, ADVISORY_SPACE + queue, limit, queue, READERS[queue])
    return sorted((Delivery(*row) for row in rows), key=lambda delivery: delivery.id)


async def put_back(unit: Unit, delivery: Delivery, attempts: int) -> None:
    """Keep a delivery for later: another attempt, or parked."""
    await sql.execute_many(
        unit, _PUT_BACK, delivery.queue, delivery.shard, delivery.received_at, attempts, delivery.body
    )


async def unpark(unit: Unit) -> None:
    """Read again what waited for a channel."""
    await sql.execute_many(unit, _UNPARK)


async def add_notices(unit: Unit, notices: Sequence[NoticeRow]) -> set[UUID]:
    """Keep notices; the ids of those not already there (a provider repeats itself)."""
    rows = await sql.fetch_many(
        unit,
        _NOTICES,
        [each.workspace for each in notices],
        [each.id for each in notices],
        [each.channel for each in notices],
        [each.digest for each in notices],
        [each.kind for each in notices],
        [each.field for each in notices],
        [each.event for each in notices],
        [each.at for each in notices],
        [each.body for each in notices],
    )
    return {row["id"] for row in rows}


async def notices_page(unit: Unit, channel: UUID | None, after: UUID | None, limit: int) -> list[StoredNotice]:
    """Newest first."""
    return [StoredNotice(*row) for row in await sql.fetch(unit, _PAGE, after, limit, channel)]


async def notices_of(unit: Unit, wanted: Sequence[UUID]) -> list[StoredNotice]:
    """Those of these notices that there are, in no order."""
    return [StoredNotice(*row) for row in await sql.fetch(unit, _NOTICES_OF, list(wanted))]


async def backlog(unit: Unit) -> Backlog:
    row = (await sql.fetch_many(unit, _COUNTS))[0]
    return Backlog(row["waiting"], row["unrouted"], row["failed"], float(row["age"] or 0))
