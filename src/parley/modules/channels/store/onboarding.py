"""SQL of numbers on their way to becoming channels."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from parley.core.ids import ChannelId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit


class StepRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of a step: its last try."""

    step: str
    done: bool
    at: datetime
    code: int | None = None
    title: str | None = None


class Secrets(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is sealed: the customer's token and PIN, the number, and the steps."""

    token: str | None = None
    pin: str | None = None
    number: str | None = None
    rate: int | None = None
    steps: list[StepRecord] = []


BODY = SealedColumn("onboarding", "body", Secrets)

_COLUMNS = "id, number_id, account_id, state, coexistence, channel_id, created_at, updated_at, body"
_OF_NUMBER = f"select {_COLUMNS} from onboarding where workspace_id = $1 and number_id = $2"
_ONE = f"select {_COLUMNS} from onboarding where workspace_id = $1 and id = $2"
_PAGE = f"""
select {_COLUMNS} from onboarding where workspace_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3"""
_SAVE = f"""
insert into onboarding (workspace_id, {_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (workspace_id, number_id) do update set account_id = excluded.account_id, state = excluded.state,
    coexistence = excluded.coexistence, channel_id = excluded.channel_id, updated_at = excluded.updated_at,
    body = excluded.body"""


@dataclass(frozen=True, slots=True)
class Row:
    id: UUID
    number_id: str
    account_id: str
    state: str
    coexistence: bool
    channel: ChannelId | None
    created_at: datetime
    updated_at: datetime
    body: bytes


async def of_number(unit: Unit, number_id: str) -> Row | None:
    row = await sql.fetch_one(unit, _OF_NUMBER, number_id)
    return Row(*row) if row else None


async def one(unit: Unit, wanted: UUID) -> Row | None:
    row = await sql.fetch_one(unit, _ONE, wanted)
    return Row(*row) if row else None


async def page(unit: Unit, after: UUID | None, limit: int) -> list[Row]:
    """Newest first."""
    return [Row(*row) for row in await sql.fetch(unit, _PAGE, after, limit)]


async def save(unit: Unit, row: Row) -> None:
    """Keep how far it came."""
    await sql.execute(unit, _SAVE, *(getattr(row, name) for name in Row.__slots__))
