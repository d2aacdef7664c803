"""SQL of the consent ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.core.ids import ContactId, WorkspaceId
from parley.kit import sql
from parley.kit.unit import Unit
from parley.modules.privacy.domain import Consent, ConsentState

_APPEND = """
with said as (
    insert into consent (workspace_id, id, contact_id, purpose, state, method, message_id, digest, occurred_at)
    select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::uuid[],
        $8::bytea[], $9::timestamptz[])
    on conflict do nothing
    returning workspace_id, id, contact_id, purpose, state, occurred_at
), newest as (
    select distinct on (s.workspace_id, s.contact_id, s.purpose) s.*
    from said s
    where not exists (
        select from consent c where c.workspace_id = s.workspace_id and c.contact_id = s.contact_id
            and c.purpose = s.purpose and c.occurred_at > s.occurred_at)
    order by s.workspace_id, s.contact_id, s.purpose, s.occurred_at desc, s.id desc
), stop as (
    insert into opt_out (workspace_id, contact_id, purpose, since)
    select workspace_id, contact_id, purpose, occurred_at from newest where state = 'withdrawn'
    on conflict do nothing
    returning workspace_id, contact_id, purpose
), resume as (
    delete from opt_out o using newest n
    where n.state = 'granted' and o.workspace_id = n.workspace_id and o.contact_id = n.contact_id
        and o.purpose = n.purpose
    returning o.workspace_id, o.contact_id, o.purpose
)
select workspace_id, contact_id, 'withdrawn' as state from stop
union all
select workspace_id, contact_id, 'granted' from resume"""

_OPTED_OUT = """
select workspace_id, contact_id from opt_out
where purpose = $1 and (workspace_id, contact_id) in (select * from unnest($2::uuid[], $3::uuid[]))"""
_OF_CONTACT = """
select id, state, purpose, method, message_id, occurred_at, recorded_at from consent
where workspace_id = $1 and contact_id = $2 and ($3::uuid is null or id < $3) order by id desc limit $4"""
_MOVE = """
with moved as (update consent set contact_id = $3 where workspace_id = $1 and contact_id = $2)
insert into opt_out (workspace_id, contact_id, purpose, since)
select workspace_id, $3, purpose, since from opt_out where workspace_id = $1 and contact_id = $2
on conflict do nothing"""


@dataclass(frozen=True, slots=True)
class Change:
    """A present state that an entry of the ledger changed."""

    workspace: WorkspaceId
    contact: ContactId
    state: ConsentState


@dataclass(frozen=True, slots=True)
class Entry:
    id: UUID
    state: str
    purpose: str
    method: str
    message: UUID | None
    occurred_at: datetime
    recorded_at: datetime


async def append(unit: Unit, entries: Sequence[tuple[UUID, bytes | None, Consent]]) -> list[Change]:
    """Write entries (id, digest, entry); the present states that changed. A digest already there is skipped."""
    rows = await sql.fetch_many(
        unit,
        _APPEND,
        [said.workspace for _, _, said in entries],
        [entry for entry, _, _ in entries],
        [said.contact for _, _, said in entries],
        [said.purpose for _, _, said in entries],
        [said.state for _, _, said in entries],
        [said.method for _, _, said in entries],
        [said.message for _, _, said in entries],
        [digest for _, digest, _ in entries],
        [said.occurred_at for _, _, said in entries],
    )
    return [Change(row["workspace_id"], row["contact_id"], row["state"]) for row in rows]


async def opted_out(
    unit: Unit, purpose: str, people: Sequence[tuple[WorkspaceId, ContactId]]
) -> set[tuple[UUID, UUID]]:
    """Which of these people (workspace, contact) want no messages of this purpose."""
    rows = await sql.fetch_many(unit, _OPTED_OUT, purpose, [w for w, _ in people], [c for _, c in people])
    return {(row["workspace_id"], row["contact_id"]) for row in rows}


async def entries_of(unit: Unit, contact: ContactId, after: UUID | None, limit: int) -> list[Entry]:
    """A page of the ledger of one person, what was entered last first."""
    return [Entry(*row) for row in await sql.fetch(unit, _OF_CONTACT, contact, after, limit)]


async def move(unit: Unit, workspace: WorkspaceId, loser: ContactId, winner: ContactId) -> None:
    """Two contacts are one person: the ledger follows, and an opt-out of either holds for both."""
    await sql.execute_many(unit, _MOVE, workspace, loser, winner)
