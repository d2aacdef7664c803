"""SQL of API keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from parley.core.ids import KeyId, WorkspaceId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit
from parley.modules.accounts.key_format import Mode

NAME = SealedColumn("api_key", "name", str)
ADDRESSES = SealedColumn("api_key", "addresses", list[str])
USED_FROM = SealedColumn("api_key", "last_used_from", str)
LEAK_SOURCE = SealedColumn("api_key", "leak_source", str)

_COLUMNS = """workspace_id, id, name, scopes, mode, ending, channels, addresses, expires_at, created_at, created_by,
    last_used_at, last_used_from, old_secret_until, revoked_at, leaked_at, leak_source, version"""
_ADD = """
insert into api_key (workspace_id, id, secret, ending, created_by, mode, name, scopes, channels, addresses, expires_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"""
_FIND = f"""
select {_COLUMNS}, false as old from api_key where secret = $1
union all select {_COLUMNS}, true from api_key where old_secret = $1 and old_secret_until > $2 limit 1"""
_ONE = f"select {_COLUMNS} from api_key where workspace_id = $1 and id = $2"
_PAGE = f"""
select {_COLUMNS} from api_key where workspace_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3"""
_CHANGE = """
update api_key set name = $3, scopes = $4, channels = $5, addresses = $6, expires_at = $7
where workspace_id = $1 and id = $2"""
_ROTATE = """
update api_key set old_secret = case when $5::timestamptz is null then null else secret end, old_secret_until = $5,
    secret = $3, ending = $4
where workspace_id = $1 and id = $2"""
_REVOKE = """
update api_key set revoked_at = $3, leaked_at = coalesce($4, leaked_at), leak_source = coalesce($5, leak_source)
where workspace_id = $1 and id = $2 and revoked_at is null returning id"""
_PIN = "update api_key set version = $3 where workspace_id = $1 and id = $2 and version is null"
_USED = """
update api_key k set last_used_at = greatest(k.last_used_at, u.at), last_used_from = coalesce(u.place, k.last_used_from)
from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::bytea[]) as u (workspace, key, at, place)
where k.workspace_id = u.workspace and k.id = u.key"""


@dataclass(frozen=True, slots=True)
class KeyRow:
    workspace: WorkspaceId
    id: KeyId
    name: bytes
    scopes: list[str]
    mode: Mode
    ending: str | None
    channels: list[UUID] | None
    addresses: bytes | None
    expires_at: datetime | None
    created_at: datetime
    created_by: str
    last_used_at: datetime | None
    last_used_from: bytes | None
    old_secret_until: datetime | None
    revoked_at: datetime | None
    leaked_at: datetime | None
    leak_source: bytes | None
    version: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What can be changed of a key, as stored."""

    name: bytes
    scopes: Sequence[str]
    channels: Sequence[UUID] | None
    addresses: bytes | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRow:
    id: KeyId
    secret: bytes
    ending: str
    created_by: str
    mode: Mode
    terms: Terms


@dataclass(frozen=True, slots=True)
class Use:
    """When a key was last used, and from where (sealed)."""

    workspace: UUID
    key: UUID
    at: datetime
    place: bytes | None


def _columns(terms: Terms) -> tuple[object, ...]:
    return terms.name, terms.scopes, terms.channels, terms.addresses, terms.expires_at


async def add(unit: Unit, new: NewRow) -> None:
    await sql.execute(unit, _ADD, new.id, new.secret, new.ending, new.created_by, new.mode, *_columns(new.terms))


async def find(unit: Unit, secret: bytes, now: datetime) -> tuple[KeyRow, bool] | None:
    """The key with this digest, in whatever workspace, revoked or not, and whether this secret of it was replaced.

    Needs the lane `sign_in`.
    """
    rows = await sql.fetch_many(unit, _FIND, secret, now)
    return (KeyRow(*tuple(rows[0])[:-1]), rows[0]["old"]) if rows else None


async def one(unit: Unit, key: UUID) -> KeyRow | None:
    row = await sql.fetch_one(unit, _ONE, key)
    return KeyRow(*row) if row else None


async def page(unit: Unit, after: UUID | None, limit: int) -> list[KeyRow]:
    """Newest first."""
    return [KeyRow(*row) for row in await sql.fetch(unit, _PAGE, after, limit)]


async def change(unit: Unit, key: UUID, terms: Terms) -> None:
    await sql.execute(unit, _CHANGE, key, *_columns(terms))


async def rotate(unit: Unit, key: UUID, secret: tuple[bytes, str], old_until: datetime | None) -> None:
    """Give a key a new secret (digest, ending); the one before works until then, and any before that no more."""
    await sql.execute(unit, _ROTATE, key, *secret, old_until)


async def revoke(
    unit: Unit, key: UUID, at: datetime, leaked_at: datetime | None = None, source: bytes | None = None
) -> bool:
    """Whether it worked until now."""
    return await sql.fetch_one(unit, _REVOKE, key, at, leaked_at, source) is not None


async def note_uses(unit: Unit, uses: Sequence[Use]) -> None:
    """Keep when keys were last used; the unit is bound to their workspaces."""
    columns = zip(*[(each.workspace, each.key, each.at, each.place) for each in uses], strict=True)
    await sql.execute_many(unit, _USED, *map(list, columns))


async def pin(unit: Unit, key: UUID, version: date) -> None:
    """The first version counts; a later one changes nothing."""
    await sql.execute(unit, _PIN, key, version)
