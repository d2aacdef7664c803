"""SQL of recorded facts: stored in the unit that made them true, listed, and taken by the fan-out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from parley.core.events import Event
from parley.core.ids import WorkspaceId
from parley.kit import sql
from parley.kit.unit import Unit

FAN_OUT = "fan_out"
"""The lane that hands facts to endpoints."""

EVENT_COLUMNS = """
e.workspace_id, e.id, e.kind, e.contact_id, e.conversation_id, e.message_id, e.subject_id, e.at, e.detail::text,
e.actor"""
"""Of `event e`, as StoredEvent takes them."""

# Only where an endpoint listens is a fact handed on; its row in the feed commits with it, so none is ever overtaken.
_KEEP = """
with kept as (
    insert into event (workspace_id, id, kind, contact_id, conversation_id, message_id, subject_id, at, detail, actor)
    select *, $2 from unnest($1::new_event[])
    returning workspace_id, id
), fed as (
    insert into webhook_feed (workspace_id, event_id)
    select k.workspace_id, k.id from kept k where k.workspace_id in (
        select e.workspace_id from webhook_endpoint e where e.state <> 'disabled')
    returning 1
)
select 1 from fed limit 1"""
_PAGE = f"""
select {EVENT_COLUMNS} from event e
where workspace_id = $1 and ($2::uuid is null or id < $2) and ($4::text[] is null or kind = any($4))
order by id desc limit $3"""

# How far a message came is its own business: the condition is that of the index `event_timeline`.
_TIMELINE = f"""
select {EVENT_COLUMNS} from event e
where workspace_id = $1 and ($2::uuid is null or id < $2) and contact_id = any($4::uuid[])
    and kind not in ('message.sent', 'message.delivered', 'message.read', 'message.played')
order by id desc limit $3"""

_MANY = f"""
select {EVENT_COLUMNS} from event e
where workspace_id = $1 and id = any($2::uuid[])"""

# One fan-out at a time: two would hand on one conversation's facts in any order.
_ALONE = "select pg_try_advisory_xact_lock(hashtext('parley fan-out'))"

# Each workspace that has something in the feed (a skip scan of its key) gets its share of the batch.
_TAKE = f"""
with recursive owner (workspace_id) as (
    (select workspace_id from webhook_feed order by workspace_id limit 1)
    union all
    select n.workspace_id from owner o cross join lateral (
        select f.workspace_id from webhook_feed f where f.workspace_id > o.workspace_id order by 1 limit 1
    ) n
), share as materialized (
    select workspace_id, greatest(10, $1 / count(*) over ()) as most from owner
), chosen as materialized (
    select f.workspace_id, f.event_id from share s cross join lateral (
        select workspace_id, event_id from webhook_feed where workspace_id = s.workspace_id
        order by event_id limit s.most
    ) f
), taken as (
    delete from webhook_feed f using chosen c
    where f.workspace_id = c.workspace_id and f.event_id = c.event_id returning f.workspace_id, f.event_id
)
select {EVENT_COLUMNS}
from taken t cross join lateral (
    select * from event e where e.workspace_id = t.workspace_id and e.id = t.event_id limit 1
) e"""
_MISSED = f"""
select {EVENT_COLUMNS}
from event e
where e.workspace_id = $1 and e.id > $2 and e.at >= $3 and e.kind like any($4::text[])
    and not exists (select from webhook_delivery d
        where d.workspace_id = e.workspace_id and d.endpoint_id = $5 and d.event_id = e.id)
    and not exists (select from webhook_gathered g join webhook_delivery d
        on d.workspace_id = g.workspace_id and d.id = g.delivery_id and d.endpoint_id = $5
        where g.workspace_id = e.workspace_id and g.event_id = e.id)
    and not exists (select from webhook_feed f where f.workspace_id = e.workspace_id and f.event_id = e.id)
order by e.id limit $6"""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """A fact as stored: ids, codes and words."""

    workspace: WorkspaceId
    id: UUID
    kind: str
    contact: UUID | None
    conversation: UUID | None
    message: UUID | None
    subject: UUID | None
    at: datetime
    detail: str | None
    actor: str | None
    """Who did it, as a public id; None when nobody asked for it."""


async def keep_events(unit: Unit, events: Sequence[Event]) -> None:
    """Store facts in the unit that made them true, and wake the fan-out where an endpoint listens."""
    rows = [
        (
            each.workspace,
            each.id,
            each.kind,
            each.contact,
            each.conversation,
            each.message,
            each.subject,
            each.at,
            msgspec.json.encode(each.detail).decode() if each.detail else None,
        )
        for each in events
    ]
    if await sql.fetch_many(unit, _KEEP, rows, unit.caller.actor if unit.caller else None):
        unit.wake(FAN_OUT)


async def list_events(
    unit: Unit, after: UUID | None, limit: int, kinds: Sequence[str] | None = None
) -> list[StoredEvent]:
    """A page of the workspace's facts, newest first."""
    return [StoredEvent(*row) for row in await sql.fetch(unit, _PAGE, after, limit, kinds)]


async def timeline_of(unit: Unit, contacts: Sequence[UUID], after: UUID | None, limit: int) -> list[StoredEvent]:
    """A page of the facts about these contacts, newest first, without how far each message came."""
    return [StoredEvent(*row) for row in await sql.fetch(unit, _TIMELINE, after, limit, list(contacts))]


async def events_of(unit: Unit, wanted: Sequence[UUID]) -> list[StoredEvent]:
    """Those of these facts that there are, in no order."""
    return [StoredEvent(*row) for row in await sql.fetch(unit, _MANY, list(wanted))]


async def take(unit: Unit, most: int) -> list[StoredEvent]:
    """The next facts to hand on, in their order in each workspace, taken off the feed; none while another does it."""
    alone = await sql.fetch_many(unit, _ALONE)
    if not alone[0][0]:
        return []
    return sorted((StoredEvent(*row) for row in await sql.fetch_many(unit, _TAKE, most)), key=lambda each: each.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Facts that an endpoint was never told: those after a fact, since a moment, of types like these."""

    endpoint: UUID
    after: UUID
    since: datetime
    kinds: Sequence[str]


async def missed(unit: Unit, gap: Gap, most: int) -> list[StoredEvent]:
    """Oldest first."""
    arguments = (gap.after, gap.since, list(gap.kinds), gap.endpoint, most)
    return [StoredEvent(*row) for row in await sql.fetch(unit, _MISSED, *arguments)]
