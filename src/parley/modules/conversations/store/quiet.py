"""SQL of quiet windows: which conversations wait for the person to pause, and what was said meanwhile."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from parley.core.ids import ConversationId, MessageId, WorkspaceId
from parley.kit import sql
from parley.kit.unit import Unit

_HOLD = """
update conversation c set quiet_since = x.since, quiet_until = x.until
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[]) as x (w, id, since, until)
where c.workspace_id = x.w and c.id = x.id"""
_DUE = "select workspace_id, id from conversation where quiet_until <= $1 order by quiet_until limit $2"
_HEARD_SINCE = """
select m.id, b.body, r.provider_id from message m
join message_body b on b.workspace_id = m.workspace_id and b.message_id = m.id
left join lateral (
    select provider_id from message_ref where workspace_id = m.workspace_id and message_id = m.id limit 1
) r on true
where m.workspace_id = $1 and m.conversation_id = $2 and m.id >= $3 and not m.outbound and m.origin = 'live'
order by m.id limit 20"""
_IS_FIRST = """
select not exists (select from message where workspace_id = $1 and conversation_id = $2 and id < $3 and not outbound
    and origin = 'live') as first"""

Held = tuple[WorkspaceId, ConversationId, UUID | None, datetime | None]
"""A conversation, its first message that waits, and when it is answered; None: nothing waits any more."""


async def hold_answers(unit: Unit, held: Sequence[Held]) -> None:
    """Let these conversations' messages wait; their rows are held by this unit."""
    await sql.execute_many(unit, _HOLD, *map(list, zip(*held, strict=True)))


async def due_answers(unit: Unit, now: datetime, limit: int) -> list[tuple[WorkspaceId, ConversationId]]:
    """Conversations whose person has paused; needs the lane `claim`."""
    return [(row[0], row[1]) for row in await sql.fetch_many(unit, _DUE, now, limit)]


async def is_first(unit: Unit, workspace: WorkspaceId, of: ConversationId, message: UUID) -> bool:
    """Whether this message is the first that the person wrote in a conversation."""
    return bool((await sql.fetch_many(unit, _IS_FIRST, workspace, of, message))[0][0])


async def heard_since(unit: Unit, of: ConversationId, since: UUID) -> list[tuple[MessageId, bytes, bytes | None]]:
    """Messages of the person stored from an id on, oldest first, their bodies and provider's ids sealed."""
    return [(row[0], row[1], row[2]) for row in await sql.fetch(unit, _HEARD_SINCE, of, since)]
