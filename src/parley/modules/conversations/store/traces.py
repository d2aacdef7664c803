"""SQL of what was exchanged with providers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parley.core.ids import MessageId, WorkspaceId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit
from parley.modules.channels.ports import Exchange

EXCHANGE = SealedColumn("message_trace", "exchange", Exchange)

_KEEP = """
insert into message_trace (workspace_id, message_id, attempt, at, micros, exchange)
select x.w, x.id, x.attempt, x.at, x.micros, x.exchange
from unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::timestamptz[], $5::integer[], $6::bytea[])
    as x (w, id, attempt, at, micros, exchange)
join lateral (select origin from message where workspace_id = x.w and id = x.id limit 1) m on m.origin = 'api'
on conflict do nothing"""
_OF = """
select attempt, at, micros, exchange from message_trace where workspace_id = $1 and message_id = $2 order by attempt"""
_FORGET = "delete from message_trace where at < $1"

New = tuple[WorkspaceId, MessageId, int, datetime, int, bytes]
"""Whose, which, the how-manieth try, when it began, how many microseconds it took, the sealed exchange."""


@dataclass(frozen=True, slots=True)
class TraceRow:
    attempt: int
    at: datetime
    micros: int
    exchange: bytes


async def keep(unit: Unit, rows: Sequence[New]) -> None:
    """Keep those of messages that came by the API."""
    await sql.execute_many(unit, _KEEP, *map(list, zip(*rows, strict=True)))


async def of_message(unit: Unit, message: MessageId) -> list[TraceRow]:
    """Oldest first."""
    return [TraceRow(*row) for row in await sql.fetch(unit, _OF, message)]


async def forget(unit: Unit, before: datetime) -> None:
    """Drop older ones; needs the lane `sweep`."""
    await sql.execute_many(unit, _FORGET, before)
