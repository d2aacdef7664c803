"""SQL of statuses that providers report: history, the message's own status, and those that came too early."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from parley.core.ids import ContactId, ConversationId, MessageId, WorkspaceId
from parley.kit import sql
from parley.kit.unit import Unit

WHOLE = bytes(16)
"""The `part` of a status about the whole message; in a group each person's copy has its own."""

# `lateral … limit 1` keeps each lookup an index probe: under the row-level security's array the planner would
# otherwise read all messages of the workspaces concerned. `aimed` is apart because `coalesce` counts as leaky, which
# under row-level security forbids the index.
_APPLY = """
with x as (
    select * from unnest($1::new_status[])
), aimed as materialized (
    select x.*, coalesce(x.message_id, r.message_id) as target
    from x left join lateral (
        select message_id from message_ref where x.message_id is null and workspace_id = x.workspace_id
            and ref = x.ref limit 1
    ) r on true
), known as (
    select x.*, m.id, m.conversation_id, m.contact_id, m.status as before
    from aimed x join lateral (
        select id, conversation_id, contact_id, status from message
        where workspace_id = x.workspace_id and id = x.target and outbound limit 1
    ) m on true
), h as (
    insert into message_status (workspace_id, message_id, status, part, at, detail, words)
    select workspace_id, id, status, part, at, detail, words from known
    on conflict do nothing
    returning workspace_id, message_id, status, part
), moved as (
    update message m set status = k.status
    from (select workspace_id, id, max(status) as status, max(before) as before from known group by 1, 2) k
    where m.workspace_id = k.workspace_id and m.id = k.id and k.before < k.status and m.status < k.status
), early as (
    insert into parked_status (workspace_id, ref, status, part, at, detail, words)
    select x.workspace_id, x.ref, x.status, x.part, x.at, x.detail, x.words from x
    where not exists (select from known k where k.workspace_id = x.workspace_id and k.ref = x.ref)
    on conflict do nothing
)
select distinct on (k.workspace_id, k.id, k.status, k.part) k.workspace_id, k.id, k.conversation_id, k.contact_id,
    k.status, k.before, k.at, k.detail, (select true from message_status s
        where s.workspace_id = k.workspace_id and s.message_id = k.id and s.status in (30, 31) limit 1) is not null
from known k join h on h.workspace_id = k.workspace_id and h.message_id = k.id and h.status = k.status
    and h.part = k.part
order by k.workspace_id, k.id, k.status, k.part"""

_LEARN = """
insert into message_ref (workspace_id, ref, message_id, provider_id)
select * from unnest($1::uuid[], $2::bytea[], $3::uuid[], $4::bytea[]) order by 1, 2 on conflict do nothing"""

_MATCHED = """
select p.workspace_id, r.message_id, p.ref, p.status, p.part, p.at, p.detail::text, p.words
from parked_status p join lateral (
    select message_id from message_ref where workspace_id = p.workspace_id and ref = p.ref limit 1
) r on true
limit 500"""
_UNPARK = """
delete from parked_status p
using unnest($1::uuid[], $2::bytea[], $3::smallint[], $4::bytea[]) as x (w, ref, status, part)
where p.workspace_id = x.w and p.ref = x.ref and p.status = x.status and p.part = x.part"""
_FORGET = "delete from parked_status where recorded_at < $1"
_PARKED_WORKSPACES = "select distinct workspace_id from parked_status limit 1000"


class Reported(NamedTuple):
    """A status to apply, as the database's `new_status`.

    By our message id where the provider carried it, else by the provider's id (`ref`).
    """

    workspace: WorkspaceId
    message: MessageId | None
    ref: bytes
    status: int
    part: bytes
    at: datetime
    detail: str | None
    words: bytes | None


@dataclass(frozen=True, slots=True)
class Applied:
    """A status that was news, and the status the message had before.

    `told_sent`: that it was sent is in the history already, by the provider's answer or a status.
    """

    workspace: WorkspaceId
    message: MessageId
    conversation: ConversationId
    contact: ContactId
    status: int
    before: int
    at: datetime
    detail: str | None
    told_sent: bool


async def apply(unit: Unit, reported: Sequence[Reported]) -> list[Applied]:
    """Add statuses to the history and move messages forward; unknown messages' are parked. Returns the news."""
    rows = await sql.fetch_many(unit, _APPLY, reported)
    return [Applied(*row) for row in rows]


async def learn(unit: Unit, learned: Sequence[tuple[WorkspaceId, bytes, MessageId, bytes]]) -> None:
    """Keep provider's ids that only a status told: (workspace, ref, message, sealed provider id)."""
    await sql.execute_many(unit, _LEARN, *map(list, zip(*learned, strict=True)))


async def parked_workspaces(unit: Unit) -> list[UUID]:
    """Workspaces with parked statuses; needs the lane `sweep`."""
    return [row[0] for row in await sql.fetch_many(unit, _PARKED_WORKSPACES)]


async def take_matched(unit: Unit) -> list[Reported]:
    """Parked statuses of the unit's workspaces whose message is known by now, taken out."""
    rows = [
        Reported(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7])
        for row in await sql.fetch_many(unit, _MATCHED)
    ]
    if rows:
        columns = zip(*[(r.workspace, r.ref, r.status, r.part) for r in rows], strict=True)
        await sql.execute_many(unit, _UNPARK, *map(list, columns))
    return rows


async def forget_parked(unit: Unit, before: datetime) -> None:
    """Drop parked statuses that are older than any message of ours could be; needs the lane `sweep`."""
    await sql.execute_many(unit, _FORGET, before)
