"""SQL of remembered requests."""

from dataclasses import dataclass
from datetime import datetime

from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit

RESPONSE = SealedColumn("idempotency", "response", dict[str, object])

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
class StoredRequest:
    fingerprint: bytes
    status: int | None
    response: bytes | None


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
