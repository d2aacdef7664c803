"""What a provider was asked for a message, and what it answered: kept for some days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from parley.core.ids import MessageId, WorkspaceId
from parley.kit.crypto import Key, key_id_of
from parley.kit.unit import Unit
from parley.modules.channels.ports import Exchange
from parley.modules.conversations.store import claims, traces
from parley.modules.privacy import People

KEPT = timedelta(days=7)
"""Long enough to look into what a customer complains about."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to post a message. `exchange` is None when the person was erased."""

    number: int
    at: datetime
    micros: int
    exchange: Exchange | None


async def keep_exchanges(unit: Unit, posted: Sequence[tuple[claims.Claimed, Key | None, Exchange | None]]) -> None:
    """Keep what was exchanged for these messages, under their people's keys."""
    rows: list[traces.New] = []
    for message, key, exchange in posted:
        if message.traced and key is not None and exchange is not None:
            sealed = traces.EXCHANGE.seal(key, message.workspace, message.id, exchange)
            rows.append((message.workspace, message.id, message.attempt, exchange.at, exchange.micros, sealed))
    if rows:
        await traces.keep(unit, rows)


async def attempts_of(unit: Unit, people: People, message: MessageId) -> list[Attempt]:
    """The tries to post a message that are still kept, oldest first."""
    rows = await traces.of_message(unit, message)
    wanted = {key_id_of(row.exchange) for row in rows}
    keys = await people.keys_of([(WorkspaceId(unit.workspace), each) for each in sorted(wanted)])
    return [
        Attempt(
            row.attempt,
            row.at,
            row.micros,
            traces.EXCHANGE.unseal(key, unit.workspace, message, row.exchange)
            if (key := keys.get(key_id_of(row.exchange)))
            else None,
        )
        for row in rows
    ]
