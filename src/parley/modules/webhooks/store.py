"""SQL of recorded facts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from parley.core.events import Event
from parley.core.ids import WorkspaceId
from parley.kit import sql
from parley.kit.unit import Unit
from parley.kit.wake import PREFIX

# The wake-ups ride along: they are heard when the transaction commits, and spare a round trip here.
_KEEP = f"""
with kept as (
    insert into event (workspace_id, id, kind, contact_id, conversation_id, message_id, subject_id, at, detail, actor)
    select *, $12 from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[],
        $8::timestamptz[], $9::jsonb[])
)
select pg_notify('{PREFIX}' || name, $11) from unnest($10::text[]) as name"""
_PAGE = """
select workspace_id, id, kind, contact_id, conversation_id, message_id, subject_id, at, detail::text from event
where workspace_id = $1 and ($2::uuid is null or id < $2) and ($4::text[] is null or kind = any($4))
order by id desc limit $3"""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """A fact as stored: ids, codes and words."""

    workspace: WorkspaceId
    id: UUID
    kind: str
    contact: UUID | None
    conversation: UUID | None
    message: UUID | None
    subject: UUID | None
    at: datetime
    detail: str | None


async def keep_events(unit: Unit, events: Sequence[Event], wakes: Collection[str], process: str) -> None:
    """Store facts in the unit that made them true, and wake lanes of other processes once it is committed."""
    columns = zip(
        *[
            (
                each.workspace,
                each.id,
                each.kind,
                each.contact,
                each.conversation,
                each.message,
                each.subject,
                each.at,
                msgspec.json.encode(each.detail).decode() if each.detail else None,
            )
            for each in events
        ],
        strict=True,
    )
    lists = list(map(list, columns)) or [[] for _ in range(9)]
    await sql.execute_many(unit, _KEEP, *lists, sorted(wakes), process, unit.caller.actor if unit.caller else None)


async def list_events(
    unit: Unit, after: UUID | None, limit: int, kinds: Sequence[str] | None = None
) -> list[StoredEvent]:
    """A page of the workspace's facts, newest first."""
    return [StoredEvent(*row) for row in await sql.fetch(unit, _PAGE, after, limit, kinds)]
