"""SQL of remembered requests."""

from dataclasses import dataclass
from datetime import datetime

from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The answer given to the first request with an Idempotency-Key."""

    status: int
    headers: dict[str, str]
    body: str


RESPONSE = SealedColumn("idempotency", "response", Stored)

_TAKE_REQUEST = """
with free as materialized (select pg_try_advisory_xact_lock($5) as mine)
insert into idempotency (workspace_id, lookup, fingerprint) select $1, $2, $3 from free where mine
on conflict (workspace_id, lookup) do update set fingerprint = excluded.fingerprint, status = null, response = null,
    created_at = now() where idempotency.created_at < now() - $4::interval
returning lookup"""
_FIND_REQUEST = "select fingerprint, status, response from idempotency where workspace_id = $1 and lookup = $2"
_FINISH_REQUEST = """
update idempotency set status = $3, response = $4 where workspace_id = $1 and lookup = $2"""
_SWEEP_REQUESTS = "delete from idempotency where created_at < $1"


_LOCK_BITS = (1 << 63) - 1
"""PostgreSQL numbers its advisory locks so; two keys of one number only wait for each other."""


@dataclass(frozen=True, slots=True)
class StoredRequest:
    fingerprint: bytes
    status: int | None
    response: bytes | None


async def take_request(unit: Unit, lookup: bytes, fingerprint: bytes, *, keep: object) -> bool:
    """Whether this request is the first with its key, and no other transaction holds it now."""
    held = (int.from_bytes(lookup[:8]) ^ unit.workspace.int) & _LOCK_BITS
    return await sql.fetch_one(unit, _TAKE_REQUEST, lookup, fingerprint, keep, held) is not None


async def find_request(unit: Unit, lookup: bytes) -> StoredRequest | None:
    row = await sql.fetch_one(unit, _FIND_REQUEST, lookup)
    return StoredRequest(row["fingerprint"], row["status"], row["response"]) if row else None


async def finish_request(unit: Unit, lookup: bytes, status: int, response: bytes) -> None:
    await sql.execute(unit, _FINISH_REQUEST, lookup, status, response)


async def sweep_requests(unit: Unit, before: datetime) -> None:
    """Forget requests older than this; needs the lane `sweep`."""
    await sql.execute_many(unit, _SWEEP_REQUESTS, before)
