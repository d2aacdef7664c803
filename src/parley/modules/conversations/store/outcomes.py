"""SQL of what became of messages that somebody waits for, of stand-in ids, and of refusals kept word for word."""

from collections.abc import Sequence
from dataclasses import dataclass

from parley.core.ids import MessageId, WorkspaceId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit

REFUSAL = SealedColumn("provider_refusal", "body", bytes)

# Statuses from 25 (unsure) on: what is below is still on its way.
_DECIDED = """
select x.w, x.id, m.status, r.provider_id, s.workspace_id is not null, f.status, f.body, h.detail::text, h.words
from unnest($1::uuid[], $2::uuid[]) as x (w, id)
join lateral (
    select status from message where workspace_id = x.w and id = x.id and status >= 25 limit 1
) m on true
left join lateral (
    select provider_id from message_ref where workspace_id = x.w and message_id = x.id limit 1
) r on true
left join stand_in s on s.workspace_id = x.w and s.message_id = x.id
left join provider_refusal f on f.workspace_id = x.w and f.message_id = x.id
left join lateral (
    select detail, words from message_status
    where workspace_id = x.w and message_id = x.id and status = 40 limit 1
) h on true"""
# The row is locked, so that a stand-in and an outcome can't both be first.
_STAND_IN = """
with m as (
    select workspace_id, id from message where workspace_id = $1 and id = $2 and status < 30 for update
), s as (
    insert into stand_in (workspace_id, message_id) select workspace_id, id from m on conflict do nothing
)
select exists (select from m)"""
_STOOD_IN = """
select r.ref, r.message_id from message_ref r
join stand_in s on s.workspace_id = r.workspace_id and s.message_id = r.message_id
where r.workspace_id = $1 and r.ref = any($2::bytea[])"""
_KEEP = """
insert into provider_refusal (workspace_id, message_id, status, body)
select * from unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::bytea[])
on conflict (workspace_id, message_id) do update set status = excluded.status, body = excluded.body"""


@dataclass(frozen=True, slots=True)
class Decided:
    """A message whose fate is known, or known to be unsure."""

    workspace: WorkspaceId
    id: MessageId
    status: int
    provider_id: bytes | None
    stands_in: bool
    http_status: int | None
    refusal: bytes | None
    detail: str | None
    words: bytes | None


async def decided(unit: Unit, wanted: Sequence[tuple[WorkspaceId, MessageId]]) -> list[Decided]:
    """Those of these messages (of the unit's workspaces) whose outcome is known."""
    rows = await sql.fetch_many(unit, _DECIDED, *map(list, zip(*wanted, strict=True)))
    return [Decided(*row) for row in rows]


async def keep_stand_in(unit: Unit, message: MessageId) -> bool:
    """Let the message go by its stand-in id from now on, unless its outcome became known; whether it does."""
    row = await sql.fetch_one(unit, _STAND_IN, message)
    return bool(row and row[0])


async def stood_in(unit: Unit, refs: Sequence[bytes]) -> list[tuple[bytes, MessageId]]:
    """Those of these provider's ids (as blind indexes) whose messages go by a stand-in."""
    return [(row[0], row[1]) for row in await sql.fetch(unit, _STOOD_IN, refs)]


async def keep_refusals(unit: Unit, refused: Sequence[tuple[WorkspaceId, MessageId, int, bytes]]) -> None:
    """Keep providers' refusals: (workspace, message, HTTP status, sealed body)."""
    await sql.execute_many(unit, _KEEP, *map(list, zip(*refused, strict=True)))
