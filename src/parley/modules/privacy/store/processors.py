"""SQL of processors."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit
from parley.modules.privacy.processors import MICROS, Budget, ModelSettings, Reserved, Use

ABOUT = SealedColumn("processor", "about", ModelSettings)

_SAVE = """
insert into processor (workspace_id, id, name, enabled, about, updated_at) values ($1, $2, $3, $4, $5, $6)
on conflict (workspace_id, name) do update set id = excluded.id, enabled = excluded.enabled, about = excluded.about,
    updated_at = excluded.updated_at"""
_ONE = "select id, enabled, about, updated_at from processor where workspace_id = $1 and name = $2"
_OPEN_MONTH = """
insert into processor_use (workspace_id, name, month) values ($1, $2, $3) on conflict do nothing"""
_RESERVE = """
update processor_use set calls = calls + 1, tokens = tokens + $4, cost = cost + $5
where workspace_id = $1 and name = $2 and month = $3
    and ($6::bigint is null or calls < $6) and ($7::bigint is null or tokens + $4 <= $7)
    and ($8::bigint is null or cost + $5 <= $8)
returning calls"""
_SETTLE = """
update processor_use set tokens = tokens - $4 + $6 + $7, cost = cost - $5 + $8, input_tokens = input_tokens + $6,
    output_tokens = output_tokens + $7
where workspace_id = $1 and name = $2 and month = $3"""
_USE = """
select calls, input_tokens, output_tokens, cost from processor_use
where workspace_id = $1 and name = $2 and month = $3"""


@dataclass(frozen=True, slots=True)
class Row:
    """A processor as stored."""

    id: UUID
    enabled: bool
    about: bytes
    updated_at: datetime


async def save(unit: Unit, name: str, row: Row) -> None:
    await sql.execute(unit, _SAVE, row.id, name, row.enabled, row.about, row.updated_at)


async def one(unit: Unit, name: str) -> Row | None:
    row = await sql.fetch_one(unit, _ONE, name)
    return Row(*row) if row else None


async def reserve(unit: Unit, name: str, wanted: Reserved, budget: Budget) -> bool:
    """Set aside what a request may come to; False where the month's budget has no room for it."""
    await sql.execute(unit, _OPEN_MONTH, name, wanted.month)
    money = None if budget.money is None else round(budget.money * MICROS)
    bounds = (budget.calls, budget.tokens, money)
    return await sql.fetch_one(unit, _RESERVE, name, wanted.month, wanted.tokens, wanted.cost, *bounds) is not None


async def settle(unit: Unit, name: str, reserved: Reserved, used: Use) -> None:
    """Put what was used in the place of what was set aside."""
    counts = (used.input_tokens, used.output_tokens, used.cost)
    await sql.execute(unit, _SETTLE, name, reserved.month, reserved.tokens, reserved.cost, *counts)


async def use_of(unit: Unit, name: str, month: date) -> Use:
    """What was used in a month."""
    row = await sql.fetch_one(unit, _USE, name, month)
    if row is None:
        return Use(month=month)
    return Use(month=month, calls=row[0], input_tokens=row[1], output_tokens=row[2], cost=row[3])
