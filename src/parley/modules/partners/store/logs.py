"""SQL of the API's logs: a table of one partition a day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Network, IPv6Network
from uuid import UUID

import asyncpg
import msgspec

from parley.core.errors import ParleyError
from parley.kit import sql
from parley.kit.crypto import Key, SealedColumn
from parley.kit.unit import Unit
from parley.modules.partners.domain import Entry, Wanted, first_id_at, network_of

HOST = SealedColumn("api_log", "host", str)

_COLUMNS = """workspace_id, id, key_id, method, route, ids, status, error, faults, micros, request_size, response_size,
    network, host, agent, version, idempotency, replayed, rate_left, rate_violated, made"""
# What is lost with the machine a moment later would have been lost with the process a moment before: no wait for disk.
_ADD = f"""
insert into api_log ({_COLUMNS})
select w, i, k, m, r, ids::jsonb, s, e, faults::jsonb, micros, asked, answered, network::cidr, host, a, v, x, p, l, q, t
from (select set_config('synchronous_commit', 'off', true) offset 0) as relaxed, unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::smallint[], $8::text[],
    $9::text[], $10::integer[], $11::integer[], $12::integer[], $13::text[], $14::bytea[], $15::text[], $16::date[],
    $17::bytea[], $18::boolean[], $19::integer[], $20::text[], $21::text[])
    as x (w, i, k, m, r, ids, s, e, faults, micros, asked, answered, network, host, a, v, x, p, l, q, t)
on conflict do nothing"""
_SHOWN = _COLUMNS.replace(" ids,", " ids::text,").replace(" faults,", " faults::text,")
_GET = f"select {_SHOWN} from api_log where workspace_id = $1 and id = $2"
_PAGE = f"""
select {_SHOWN} from api_log
where workspace_id = $1 and ($2::uuid is null or id < $2) and id >= $4 and id < $5 and status between $6 and $7
    and ($8::uuid is null or key_id = $8) and ($9::text is null or route = $9) and ($10::text is null or method = $10)
    and ($11::text is null or error = $11) and ($12::bytea is null or idempotency = $12)
    and ($13::text is null or made = $13)
order by id desc limit $3"""
_PREPARE = "select prepare_api_log($1, $2)"
_DROP = "select drop_api_log($1)"
_FORGET_HOSTS = "update api_log set host = null where host is not null and id < $1"
_FORGET = "delete from api_log where workspace_id = $1 and id < $2"
_FORGET_OTHERS = "delete from api_log where id < $2 and workspace_id <> all($1)"

_FIRST, _LAST = UUID(int=0), UUID(int=(1 << 128) - 1)
_faults = msgspec.json.Decoder(list[tuple[str, str]])
_ids = msgspec.json.Decoder(dict[str, str])


@dataclass(frozen=True, slots=True)
class Logged:
    """A row as stored, in the order of its columns."""

    workspace: UUID
    id: UUID
    key: UUID | None
    method: str
    route: str
    ids: str | None
    status: int
    error: str | None
    faults: str | None
    micros: int
    request_size: int
    response_size: int
    network: IPv4Network | IPv6Network | None
    host: bytes | None
    agent: str
    version: date | None
    idempotency: bytes | None
    replayed: bool
    rate_left: int | None
    rate_violated: str | None
    made: str | None

    @property
    def named(self) -> dict[str, str]:
        """The ids in the address, by the name of their place."""
        return _ids.decode(self.ids) if self.ids else {}

    @property
    def found_wrong(self) -> list[tuple[str, str]]:
        """Pointer and code of each fault."""
        return _faults.decode(self.faults) if self.faults else []

    def address(self, key: Key) -> str | None:
        """The caller's whole address while it is kept, else its network."""
        if self.host is not None:
            return HOST.unseal(key, self.workspace, self.id, self.host)
        return str(self.network) if self.network is not None else None


def row_of(entry: Entry, key: Key, idempotency: bytes | None) -> tuple[object, ...]:
    """The columns of an entry."""
    return (
        entry.workspace,
        entry.id,
        entry.key,
        entry.method,
        entry.route,
        _written(entry.ids),
        entry.status,
        entry.error,
        msgspec.json.encode(entry.faults).decode() if entry.faults else None,
        entry.micros,
        entry.request_size,
        entry.response_size,
        network_of(entry.address),
        HOST.seal(key, entry.workspace, entry.id, entry.address) if entry.address else None,
        entry.agent,
        entry.version,
        idempotency,
        entry.replayed,
        entry.rate_left,
        entry.rate_violated,
        entry.made,
    )


def _written(facts: dict[str, str]) -> str | None:
    return msgspec.json.encode(facts).decode() if facts else None


class NotLogged(ParleyError):
    """The database refuses the rows."""

    code = "not_logged"


class NoSuchDay(NotLogged):
    """A day has no partition yet."""


async def add(unit: Unit, rows: Sequence[tuple[object, ...]]) -> None:
    """Store requests. Raises NotLogged."""
    try:
        await sql.execute_many(unit, _ADD, *map(list, zip(*rows, strict=True)))
    except asyncpg.CheckViolationError as error:
        raise NoSuchDay("There is no partition of that day.") from error
    except asyncpg.PostgresError as error:
        raise NotLogged(f"The database refuses: {type(error).__name__}.") from error


async def get(unit: Unit, request: UUID) -> Logged | None:
    row = await sql.fetch_one(unit, _GET, request)
    return Logged(*row) if row else None


async def page(unit: Unit, after: UUID | None, limit: int, wanted: Wanted) -> list[Logged]:
    """Requests of the workspace, newest first."""
    since = first_id_at(wanted.since) if wanted.since else _FIRST
    until = first_id_at(wanted.until) if wanted.until else _LAST
    rows = await sql.fetch(
        unit,
        _PAGE,
        after,
        limit,
        since,
        until,
        wanted.lowest,
        wanted.highest,
        wanted.key,
        wanted.route,
        wanted.method,
        wanted.error,
        wanted.idempotency,
        wanted.made,
    )
    return [Logged(*row) for row in rows]


async def prepare_days(unit: Unit, first: date, days: int) -> None:
    """Make the partitions of these days; those that are there stay."""
    await sql.fetch_many(unit, _PREPARE, first, days)


async def drop_days(unit: Unit, before: date) -> int:
    """Drop the partitions of all days before this one; how many."""
    return int((await sql.fetch_many(unit, _DROP, before))[0][0])


async def forget_hosts(unit: Unit, before: UUID) -> None:
    """Keep only the network of callers before this request; needs the lane `sweep`."""
    await sql.execute_many(unit, _FORGET_HOSTS, before)


async def forget(unit: Unit, workspace: UUID, before: UUID) -> None:
    """Delete a workspace's requests before this one; needs the lane `sweep`."""
    await sql.execute_many(unit, _FORGET, workspace, before)


async def forget_others(unit: Unit, but: Collection[UUID], before: UUID) -> None:
    """Delete the requests before this one of all workspaces but these; needs the lane `sweep`."""
    await sql.execute_many(unit, _FORGET_OTHERS, list(but), before)
