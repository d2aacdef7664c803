"""SQL of files and of their providers' ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from parley.core.ids import ChannelId, ContactId, MediaId, MessageId, WorkspaceId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit
from parley.modules.media.domain import About, MediaState

ABOUT = SealedColumn("media", "about", About)
PROVIDER_ID = SealedColumn("media_upload", "provider_id", str)

_COLUMNS = (
    "m.workspace_id, m.id, m.contact_id, m.message_id, m.channel_id, m.state, m.kind, m.size, m.about, m.problem, "
    "m.attempts, m.due_at, m.created_at, m.expires_at"
)
_EXPECT = """
insert into media (workspace_id, id, contact_id, message_id, channel_id, state, kind, about, ref, due_at, created_at,
    expires_at)
select w, id, contact, message, channel, 'fetching', kind, about, ref, $9, $9, $10
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::bytea[], $8::bytea[])
    as x (w, id, contact, message, channel, kind, about, ref)
on conflict do nothing"""
_ADD = """
insert into media (workspace_id, id, contact_id, state, kind, size, about, created_at, expires_at)
values ($1, $2, $3, 'stored', $4, $5, $6, $7, $8)"""

# A bounded look ahead, of which each workspace gets its share: one that sent thousands of files delays no other.
_CLAIM = f"""
with ahead as (
    select workspace_id, id, due_at from media
    where state = 'fetching' and due_at <= $1 and workspace_id <> all ($4::uuid[]) order by due_at limit 500
), chosen as (
    select workspace_id, id from (
        select *, row_number() over (partition by workspace_id order by due_at, id) as place from ahead) a
    where place <= $3 order by place, due_at, id limit $2
), mine as (
    select m.workspace_id, m.id from media m join chosen c using (workspace_id, id)
    where m.state = 'fetching' and m.due_at <= $1 for update of m skip locked
)
update media m set due_at = $1 + $5::interval, attempts = m.attempts + 1
from mine where m.workspace_id = mine.workspace_id and m.id = mine.id
returning {_COLUMNS}"""
_STORED = """
update media set state = 'stored', due_at = null, size = $3, about = $4
where workspace_id = $1 and id = $2 and state = 'fetching' returning id"""
_AGAIN = "update media set due_at = $3 where workspace_id = $1 and id = $2 and state = 'fetching'"
_FAILED = """
update media set state = 'failed', due_at = null, problem = $3
where workspace_id = $1 and id = $2 and state = 'fetching' returning id"""
_ONE = f"select {_COLUMNS} from media m where m.workspace_id = $1 and m.id = $2"
_BY_REF = f"""
select {_COLUMNS} from media m where m.workspace_id = $1 and m.ref = $2 order by m.created_at desc limit 1"""
_OF_MESSAGES = f"select {_COLUMNS} from media m where m.workspace_id = $1 and m.message_id = any ($2::uuid[])"
_MANY = f"""
select {_COLUMNS} from media m where (m.workspace_id, m.id) in (select * from unnest($1::uuid[], $2::uuid[]))"""
_PAGE = f"""
select {_COLUMNS} from media m where m.workspace_id = $1 and ($2::uuid is null or m.id < $2)
order by m.id desc limit $3"""
_AT_CHANNEL = f"""
select {_COLUMNS}, u.provider_id, u.expires_at as upload_expires_at from media m left join media_upload u
    on u.workspace_id = m.workspace_id and u.media_id = m.id and u.channel_id = $3
where m.workspace_id = $1 and m.id = $2"""
_REMEMBER = """
insert into media_upload (workspace_id, media_id, channel_id, provider_id, expires_at)
select workspace_id, id, $3, $4, $5 from media where workspace_id = $1 and id = $2
on conflict (workspace_id, media_id, channel_id) do update set provider_id = excluded.provider_id,
    expires_at = excluded.expires_at"""
_EXPIRED = "select workspace_id, id from media where expires_at <= $1 order by expires_at limit $2"
_DELETE = """
with gone as (select * from unnest($1::uuid[], $2::uuid[]) as x (w, id)), uploads as (
    delete from media_upload u using gone where u.workspace_id = gone.w and u.media_id = gone.id
)
delete from media m using gone where m.workspace_id = gone.w and m.id = gone.id"""
_FORGET = "delete from media_upload where expires_at <= $1"
_UNKNOWN = """
select x.w, x.id from unnest($1::uuid[], $2::uuid[]) as x (w, id)
where not exists (select from media m where m.workspace_id = x.w and m.id = x.id)"""
_MOVE = "update media set contact_id = $3 where workspace_id = $1 and contact_id = $2"
_WAITING = """
select count(*) as count, extract(epoch from $1 - min(due_at)) as age from media
where state = 'fetching' and due_at <= $1"""


@dataclass(frozen=True, slots=True)
class Row:
    workspace: WorkspaceId
    id: MediaId
    contact: ContactId | None
    message: MessageId | None
    channel: ChannelId | None
    state: MediaState
    kind: str
    size: int | None
    about: bytes
    problem: str | None
    attempts: int
    due_at: datetime | None
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """An inbound file to be fetched."""

    workspace: WorkspaceId
    id: MediaId
    contact: ContactId
    message: MessageId
    channel: ChannelId
    kind: str
    about: bytes
    ref: bytes
    """The blind index of the provider's id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLimits:
    """How much one claim may take: in all, of one workspace, which not at all, and how long the claim holds."""

    total: int
    per_workspace: int
    full_workspaces: tuple[UUID, ...]
    held: timedelta


@dataclass(frozen=True, slots=True)
class Upload:
    """A provider's id of our file, sealed, and how long it is used."""

    provider_id: bytes
    expires_at: datetime


async def expect(unit: Unit, files: Sequence[Expected], due_at: datetime, expires_at: datetime) -> None:
    """Queue files; one whose message has its file already is left out."""
    rows = [(f.workspace, f.id, f.contact, f.message, f.channel, f.kind, f.about, f.ref) for f in files]
    columns = zip(*rows, strict=True)
    await sql.execute_many(unit, _EXPECT, *map(list, columns), due_at, expires_at)


async def add(unit: Unit, row: Row) -> None:
    """A file that is kept already."""
    columns = (row.id, row.contact, row.kind, row.size, row.about, row.created_at, row.expires_at)
    await sql.execute(unit, _ADD, *columns)


async def claim(unit: Unit, now: datetime, limits: ClaimLimits) -> list[Row]:
    """Take files that are due, their next attempt put off meanwhile; needs the lane `claim`."""
    full = list(limits.full_workspaces)
    rows = await sql.fetch_many(unit, _CLAIM, now, limits.total, limits.per_workspace, full, limits.held)
    return [Row(*row) for row in rows]


async def mark_stored(unit: Unit, media: MediaId, size: int, about: bytes) -> bool:
    """Whether it was still waited for."""
    return await sql.fetch_one(unit, _STORED, media, size, about) is not None


async def put_off(unit: Unit, media: MediaId, due_at: datetime) -> None:
    await sql.execute(unit, _AGAIN, media, due_at)


async def mark_failed(unit: Unit, media: MediaId, problem: str) -> bool:
    """Whether it was still waited for."""
    return await sql.fetch_one(unit, _FAILED, media, problem) is not None


async def one(unit: Unit, media: UUID) -> Row | None:
    row = await sql.fetch_one(unit, _ONE, media)
    return Row(*row) if row else None


async def by_ref(unit: Unit, ref: bytes) -> Row | None:
    """The newest file that its provider calls so."""
    row = await sql.fetch_one(unit, _BY_REF, ref)
    return Row(*row) if row else None


async def many(unit: Unit, files: Sequence[tuple[WorkspaceId, UUID]]) -> list[Row]:
    """Those of these (workspace, file) that there are."""
    return [Row(*row) for row in await sql.fetch_many(unit, _MANY, [w for w, _ in files], [i for _, i in files])]


async def of_messages(unit: Unit, messages: Sequence[UUID]) -> list[Row]:
    return [Row(*row) for row in await sql.fetch(unit, _OF_MESSAGES, list(messages))]


async def page(unit: Unit, after: UUID | None, limit: int) -> list[Row]:
    """Newest first."""
    return [Row(*row) for row in await sql.fetch(unit, _PAGE, after, limit)]


async def at_channel(unit: Unit, media: UUID, channel: ChannelId) -> tuple[Row, Upload | None] | None:
    """A file and its id at the provider of a channel, where it has one; None for no such file."""
    row = await sql.fetch_one(unit, _AT_CHANNEL, media, channel)
    if row is None:
        return None
    *columns, provider_id, expires_at = row
    return Row(*columns), Upload(provider_id, expires_at) if provider_id is not None else None


async def remember(unit: Unit, media: UUID, channel: ChannelId, upload: Upload) -> None:
    """Keep a provider's id, unless the file was deleted meanwhile."""
    await sql.execute(unit, _REMEMBER, media, channel, upload.provider_id, upload.expires_at)


async def expired(unit: Unit, now: datetime, limit: int) -> list[tuple[WorkspaceId, MediaId]]:
    """Files whose term has passed; needs the lane `sweep`."""
    return [(row[0], row[1]) for row in await sql.fetch_many(unit, _EXPIRED, now, limit)]


async def delete(unit: Unit, files: Sequence[tuple[UUID, UUID]]) -> None:
    """Delete rows (workspace, file) and what they have at providers; the lane `sweep`, or bound to their workspaces."""
    await sql.execute_many(unit, _DELETE, *map(list, zip(*files, strict=True)))


async def forget_uploads(unit: Unit, now: datetime) -> None:
    """Drop providers' ids that died; needs the lane `sweep`."""
    await sql.execute_many(unit, _FORGET, now)


async def unknown(unit: Unit, files: Sequence[tuple[UUID, UUID]]) -> list[tuple[UUID, UUID]]:
    """Those of these (workspace, file) that have no row; needs the lane `sweep`."""
    return [(row[0], row[1]) for row in await sql.fetch_many(unit, _UNKNOWN, *map(list, zip(*files, strict=True)))]


async def move(unit: Unit, workspace: WorkspaceId, loser: ContactId, winner: ContactId) -> None:
    """Two contacts are one person: the files follow. Their keys stay, for a sealed value names its own."""
    await sql.execute_many(unit, _MOVE, workspace, loser, winner)


async def waiting(unit: Unit, now: datetime) -> tuple[int, float]:
    """How many files are due and how long the oldest is overdue in seconds; needs the lane `claim`."""
    row = (await sql.fetch_many(unit, _WAITING, now))[0]
    return row["count"], max(0.0, float(row["age"] or 0))
