"""SQL of how channels stand at their providers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from parley.core.ids import ChannelId, WorkspaceId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit


class Words(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is sealed: the business's name and the provider's sentences."""

    name: str | None = None
    advice: str | None = None


WORDS = SealedColumn("channel_health", "words", Words)

_REQUEST = """
insert into channel_health as h (workspace_id, channel_id, due_at) values ($1, $2, $3)
on conflict (workspace_id, channel_id) do update set due_at = least(h.due_at, excluded.due_at)"""
_CLAIM = """
update channel_health h set claimed_until = $1 + $2::interval
from (select workspace_id, channel_id from channel_health where due_at <= $1 and (claimed_until is null
    or claimed_until < $1) order by due_at limit $3 for update skip locked) d
where h.workspace_id = d.workspace_id and h.channel_id = d.channel_id
returning h.workspace_id, h.channel_id"""
_SAVE = """
insert into channel_health as h (workspace_id, channel_id, due_at, checked_at, facts, words)
values ($1, $2, $3, $4, $5, $6)
on conflict (workspace_id, channel_id) do update set due_at = excluded.due_at, checked_at = excluded.checked_at,
    facts = excluded.facts, words = excluded.words, claimed_until = null"""
_ONE = """
select checked_at, facts::text, words from channel_health
where workspace_id = $1 and channel_id = $2 and checked_at is not null"""


@dataclass(frozen=True, slots=True)
class Kept:
    """The last look."""

    checked_at: datetime
    facts: str
    words: bytes | None


async def request(unit: Unit, workspace: WorkspaceId, channel: ChannelId, at: datetime) -> None:
    """Have a channel looked at soon."""
    await sql.execute_many(unit, _REQUEST, workspace, channel, at)


async def claim(unit: Unit, now: datetime, held: timedelta, limit: int) -> list[tuple[WorkspaceId, ChannelId]]:
    """Channels to be looked at now; needs the lane `claim`."""
    return [(row[0], row[1]) for row in await sql.fetch_many(unit, _CLAIM, now, held, limit)]


async def save(unit: Unit, channel: ChannelId, kept: Kept, again_at: datetime) -> None:
    await sql.execute(unit, _SAVE, channel, again_at, kept.checked_at, kept.facts, kept.words)


async def one(unit: Unit, channel: UUID) -> Kept | None:
    row = await sql.fetch_one(unit, _ONE, channel)
    return Kept(*row) if row else None
