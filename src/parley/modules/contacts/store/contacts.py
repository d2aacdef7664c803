"""SQL of people and their profiles."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.core.ids import ContactId, WorkspaceId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit
from parley.modules.contacts.domain import Profile

PROFILE = SealedColumn("contact", "profile", Profile)

COLUMNS = """
c.workspace_id, c.id, c.kind, c.profile, c.merged_into, c.created_at, c.updated_at,
(select o.since from opt_out o where o.workspace_id = c.workspace_id and o.contact_id = c.id
    and o.purpose = 'marketing') as opted_out_since"""
READ = f"""{COLUMNS},
(select g.occurred_at from consent g where g.workspace_id = c.workspace_id and g.contact_id = c.id
    and g.purpose = 'marketing' and g.state = 'granted' order by g.occurred_at desc limit 1) as granted_at"""
_INSERT = """
insert into contact (workspace_id, id, kind, profile)
select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[]) order by 1, 2
on conflict do nothing returning id"""
_LOCK = f"""
select {COLUMNS} from unnest($1::uuid[], $2::uuid[]) as x (w, i)
join contact c on c.workspace_id = x.w and c.id = x.i
order by c.workspace_id, c.id for update of c"""
_PROFILES = """
select c.id, c.profile from unnest($1::uuid[], $2::uuid[]) as x (w, i)
join lateral (select id, profile from contact where workspace_id = x.w and id = x.i limit 1) c on true"""
_LOCK_NEXT = f"""
select {COLUMNS} from contact c where c.workspace_id = $1 and c.id > $2 and c.merged_into is null
order by c.id limit $3 for update of c"""
_MANY = f"""
select {COLUMNS} from unnest($1::uuid[], $2::uuid[]) as x (w, i)
join lateral (select * from contact where workspace_id = x.w and id = x.i limit 1) c on true"""
_UPDATE = """
update contact c set profile = x.profile, updated_at = now()
from unnest($1::uuid[], $2::uuid[], $3::bytea[]) as x (w, i, profile)
where c.workspace_id = x.w and c.id = x.i"""
_ONE = f"select {READ} from contact c where c.workspace_id = $1 and c.id = $2"
_PAGE = f"""
select {READ} from contact c
where c.workspace_id = $1 and c.merged_into is null and ($2::uuid is null or c.id < $2)
order by c.id desc limit $3"""
_PARTS = "select id from contact where workspace_id = $1 and (id = $2 or merged_into = $2)"
_MERGE = """
update contact set merged_into = $3, updated_at = now()
where workspace_id = $1 and (id = $2 or merged_into = $2) and id <> $3"""


@dataclass(frozen=True, slots=True)
class Row:
    """A contact as stored, its profile still sealed."""

    workspace: WorkspaceId
    id: ContactId
    kind: str
    profile: bytes
    merged_into: ContactId | None
    created_at: datetime
    updated_at: datetime
    opted_out_since: datetime | None
    granted_at: datetime | None = None
    """When they allowed marketing last; only read where a contact is shown."""


@dataclass(frozen=True, slots=True)
class NewContact:
    workspace: WorkspaceId
    id: ContactId
    kind: str
    profile: bytes


async def add(unit: Unit, contacts: Sequence[NewContact]) -> set[UUID]:
    """Insert those that aren't there; the ids inserted."""
    rows = await sql.fetch_many(
        unit,
        _INSERT,
        [each.workspace for each in contacts],
        [each.id for each in contacts],
        [each.kind for each in contacts],
        [each.profile for each in contacts],
    )
    return {row["id"] for row in rows}


async def lock(unit: Unit, contacts: Sequence[tuple[WorkspaceId, ContactId]]) -> list[Row]:
    """The rows of these contacts, held until the unit ends."""
    rows = await sql.fetch_many(unit, _LOCK, [w for w, _ in contacts], [c for _, c in contacts])
    return [Row(*row) for row in rows]


async def profiles(unit: Unit, contacts: Sequence[tuple[WorkspaceId, ContactId]]) -> dict[UUID, bytes]:
    """The sealed profiles of those that have a row."""
    rows = await sql.fetch_many(unit, _PROFILES, [w for w, _ in contacts], [c for _, c in contacts])
    return {row[0]: row[1] for row in rows}


async def lock_next(unit: Unit, after: UUID, limit: int) -> list[Row]:
    """Contacts in the order of their making, those after this one, held until the unit ends."""
    return [Row(*row) for row in await sql.fetch(unit, _LOCK_NEXT, after, limit)]


async def many(unit: Unit, contacts: Sequence[tuple[WorkspaceId, ContactId]]) -> list[Row]:
    rows = await sql.fetch_many(unit, _MANY, [w for w, _ in contacts], [c for _, c in contacts])
    return [Row(*row) for row in rows]


async def save_profiles(unit: Unit, profiles: Sequence[tuple[WorkspaceId, ContactId, bytes]]) -> None:
    workspaces, contacts, sealed = zip(*profiles, strict=True)
    await sql.execute_many(unit, _UPDATE, workspaces, contacts, sealed)


async def one(unit: Unit, contact: ContactId) -> Row | None:
    row = await sql.fetch_one(unit, _ONE, contact)
    return Row(*row) if row else None


async def page(unit: Unit, after: UUID | None, limit: int) -> list[Row]:
    """Newest first, those created before `after`."""
    return [Row(*row) for row in await sql.fetch(unit, _PAGE, after, limit)]


async def parts_of(unit: Unit, contact: ContactId) -> list[ContactId]:
    """A contact and those that were merged into it."""
    return [row[0] for row in await sql.fetch(unit, _PARTS, contact)]


async def mark_merged(unit: Unit, workspace: WorkspaceId, loser: ContactId, winner: ContactId) -> None:
    await sql.execute_many(unit, _MERGE, workspace, loser, winner)
