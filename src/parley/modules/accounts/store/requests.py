"""SQL of remembered requests."""

from dataclasses import dataclass
from datetime import datetime, timedelta

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

_LOOK = """
with free as materialized (select pg_try_advisory_xact_lock($3) as mine)
select f.mine, r.fingerprint, r.status, r.response from free f left join lateral (
    select * from idempotency where workspace_id = $1 and lookup = $2 and created_at >= now() - $4::interval limit 1
) r on true"""
# The look above may be older than the lock it took; so whoever comes second is told here, and undoes its work.
_KEEP = """
insert into idempotency as i (workspace_id, lookup, fingerprint, status, response) values ($1, $2, $3, $4, $5)
on conflict (workspace_id, lookup) do update set fingerprint = excluded.fingerprint, status = excluded.status,
    response = excluded.response, created_at = now() where i.created_at < now() - $6::interval
returning lookup"""
_SWEEP_REQUESTS = "delete from idempotency where created_at < $1"


_LOCK_BITS = (1 << 63) - 1
"""PostgreSQL numbers its advisory locks so; two keys of one number only wait for each other."""


@dataclass(frozen=True, slots=True)
class Look:
    """What there is of a key: whether it is ours until the unit ends, and the request that was answered, if any was."""

    mine: bool
    fingerprint: bytes | None
    status: int | None
    response: bytes | None


async def look(unit: Unit, lookup: bytes, *, keep: timedelta) -> Look:
    """Take the key if nobody holds it, and see whether it was answered within `keep`."""
    held = (int.from_bytes(lookup[:8]) ^ unit.workspace.int) & _LOCK_BITS
    (row,) = await sql.fetch(unit, _LOOK, lookup, held, keep)
    return Look(*row)


async def keep_answer(
    unit: Unit, lookup: bytes, fingerprint: bytes, answer: tuple[int, bytes], keep: timedelta
) -> bool:
    """Keep (status, sealed answer). False when another transaction answered first."""
    return await sql.fetch_one(unit, _KEEP, lookup, fingerprint, *answer, keep) is not None


async def sweep_requests(unit: Unit, before: datetime) -> None:
    """Forget requests older than this; needs the lane `sweep`."""
    await sql.execute_many(unit, _SWEEP_REQUESTS, before)
