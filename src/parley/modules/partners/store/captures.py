"""SQL of captured bodies, and of the keys whose bodies are captured."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit

BODIES = SealedColumn("api_capture", "bodies", list[object])
"""The redacted request and answer."""

_SET_RULE = """
insert into api_capture_rule (workspace_id, key_id, until) values ($1, $2, $3)
on conflict (workspace_id, key_id) do update set until = excluded.until"""
_DROP_RULE = "delete from api_capture_rule where workspace_id = $1 and key_id = $2 returning key_id"
_DROP_BODIES = """
delete from api_capture c using api_log l
where c.workspace_id = $1 and l.workspace_id = $1 and l.id = c.id and l.key_id = $2"""
_RULES = "select key_id, until from api_capture_rule where workspace_id = $1 and until > $2 order by key_id"
_ALL_RULES = "select key_id, until from api_capture_rule"
_ADD = """
insert into api_capture (workspace_id, id, expires_at, bodies)
select * from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::bytea[]) on conflict do nothing"""
_GET = "select bodies from api_capture where workspace_id = $1 and id = $2 and expires_at > $3"
_FORGET = "delete from api_capture where expires_at < $1"
_FORGET_RULES = "delete from api_capture_rule where until < $1"


@dataclass(frozen=True, slots=True)
class Rule:
    """The bodies of this key are captured until this moment."""

    key: UUID
    until: datetime


async def set_rule(unit: Unit, key: UUID, until: datetime) -> None:
    await sql.execute(unit, _SET_RULE, key, until)


async def drop_rule(unit: Unit, key: UUID) -> bool:
    """Capture no more of this key, and forget what was captured; whether anything was."""
    await sql.execute(unit, _DROP_BODIES, key)
    return await sql.fetch_one(unit, _DROP_RULE, key) is not None


async def rules(unit: Unit, now: datetime) -> list[Rule]:
    return [Rule(*row) for row in await sql.fetch(unit, _RULES, now)]


async def all_rules(unit: Unit) -> list[Rule]:
    """Of every workspace; needs the lane `sweep`."""
    return [Rule(*row) for row in await sql.fetch_many(unit, _ALL_RULES)]


async def add(unit: Unit, rows: Sequence[tuple[object, ...]]) -> None:
    """Store captured bodies: workspace, request, when to forget them, sealed."""
    await sql.execute_many(unit, _ADD, *map(list, zip(*rows, strict=True)))


async def get(unit: Unit, request: UUID, now: datetime) -> bytes | None:
    row = await sql.fetch_one(unit, _GET, request, now)
    return row["bodies"] if row else None


async def forget(unit: Unit, now: datetime) -> None:
    """Delete what was kept long enough; needs the lane `sweep`."""
    await sql.execute_many(unit, _FORGET, now)
    await sql.execute_many(unit, _FORGET_RULES, now)
