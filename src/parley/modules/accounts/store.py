"""SQL of workspaces, people, API keys and remembered requests."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.core.ids import KeyId, UserId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit
from parley.modules.accounts.domain import Principal

WORKSPACE_NAME = SealedColumn("workspace", "name", str)
PERSON_EMAIL = SealedColumn("person", "email", str)
KEY_NAME = SealedColumn("api_key", "name", str)
RESPONSE = SealedColumn("idempotency", "response", dict[str, object])

_ADD_WORKSPACE = "insert into workspace (id, name) values ($1, $2)"
_ADD_PERSON = """
insert into person (workspace_id, id, email, email_lookup, password, role) values ($1, $2, $3, $4, $5, $6)"""
_ADD_KEY = "insert into api_key (workspace_id, id, name, secret, scopes) values ($1, $2, $3, $4, $5)"
_FIND_KEY = "select workspace_id, id, scopes from api_key where secret = $1 and revoked_at is null"
_HAS_KEY = "select from api_key where workspace_id = $1 and id = $2"
_WORKSPACES = "select id from workspace order by id"
_TAKE_REQUEST = """
insert into idempotency (workspace_id, lookup, fingerprint) values ($1, $2, $3)
on conflict (workspace_id, lookup) do update set fingerprint = excluded.fingerprint, status = null, response = null,
    created_at = now() where idempotency.created_at < now() - $4::interval
returning lookup"""
_FIND_REQUEST = "select fingerprint, status, response from idempotency where workspace_id = $1 and lookup = $2"
_FINISH_REQUEST = """
update idempotency set status = $3, response = $4 where workspace_id = $1 and lookup = $2"""
_SWEEP_REQUESTS = "delete from idempotency where created_at < $1"


@dataclass(frozen=True, slots=True)
class NewPerson:
    id: UserId
    email: bytes
    email_lookup: bytes
    password: str | None
    role: str


@dataclass(frozen=True, slots=True)
class StoredRequest:
    fingerprint: bytes
    status: int | None
    response: bytes | None


async def add_workspace(unit: Unit, name: bytes) -> None:
    await sql.execute(unit, _ADD_WORKSPACE, name)


async def add_person(unit: Unit, person: NewPerson) -> None:
    await sql.execute(unit, _ADD_PERSON, person.id, person.email, person.email_lookup, person.password, person.role)


async def add_key(unit: Unit, key: KeyId, name: bytes, secret: bytes, scopes: tuple[str, ...]) -> None:
    await sql.execute(unit, _ADD_KEY, key, name, secret, list(scopes))


async def find_key(unit: Unit, secret: bytes) -> Principal | None:
    """The live key with this digest, in whatever workspace; needs the lane `sign_in`."""
    rows = await sql.fetch_many(unit, _FIND_KEY, secret)
    return (
        Principal(workspace=rows[0]["workspace_id"], key=rows[0]["id"], scopes=tuple(rows[0]["scopes"]))
        if rows
        else None
    )


async def workspace_ids(unit: Unit) -> list[UUID]:
    """Every workspace; needs the lane `route`."""
    return [row["id"] for row in await sql.fetch_many(unit, _WORKSPACES)]


async def take_request(unit: Unit, lookup: bytes, fingerprint: bytes, *, keep: object) -> bool:
    """Whether this request is the first with its key; waits while another transaction holds the same key."""
    return await sql.fetch_one(unit, _TAKE_REQUEST, lookup, fingerprint, keep) is not None


async def find_request(unit: Unit, lookup: bytes) -> StoredRequest | None:
    row = await sql.fetch_one(unit, _FIND_REQUEST, lookup)
    return StoredRequest(row["fingerprint"], row["status"], row["response"]) if row else None


async def finish_request(unit: Unit, lookup: bytes, status: int, response: bytes) -> None:
    await sql.execute(unit, _FINISH_REQUEST, lookup, status, response)


async def sweep_requests(unit: Unit, before: datetime) -> None:
    """Forget requests older than this; needs the lane `sweep`."""
    await sql.execute_many(unit, _SWEEP_REQUESTS, before)


async def has_key(unit: Unit, key: UUID) -> bool:
    return await sql.fetch_one(unit, _HAS_KEY, key) is not None
