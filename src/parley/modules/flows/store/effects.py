"""SQL of what waiting sessions need from the world."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from parley.core.ids import ContactId, ConversationId, WorkspaceId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit
from parley.modules.flows.engine import AnyEffect


class EffectBody(msgspec.Struct, frozen=True):
    """What is sealed of an effect: the need, and the engine's own id of it."""

    engine_id: str
    effect: AnyEffect


EFFECT = SealedColumn("flow_effect", "body", EffectBody)

_ADD_EFFECTS = """
insert into flow_effect (workspace_id, id, conversation_id, contact_id, due_at, expires_at, body)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::timestamptz[],
    $7::bytea[])"""
_CLAIM_EFFECTS = """
update flow_effect e set due_at = greatest($1 + $3::interval, e.expires_at)
from (select workspace_id, id from flow_effect where due_at <= $1 order by due_at limit $2 for update skip locked) d
where e.workspace_id = d.workspace_id and e.id = d.id
returning e.workspace_id, e.id, e.conversation_id, e.contact_id, e.expires_at, e.body"""
_DROP_EFFECT = "delete from flow_effect where workspace_id = $1 and id = $2"


@dataclass(frozen=True, slots=True)
class EffectRow:
    workspace: WorkspaceId
    id: UUID
    conversation: ConversationId
    contact: ContactId
    expires_at: datetime
    body: bytes


async def add_effects(unit: Unit, effects: Sequence[tuple[EffectRow, datetime]]) -> None:
    """Effects to be done, and when."""
    columns = zip(
        *[(e.workspace, e.id, e.conversation, e.contact, due, e.expires_at, e.body) for e, due in effects], strict=True
    )
    await sql.execute_many(unit, _ADD_EFFECTS, *map(list, columns))


async def claim_effects(unit: Unit, now: datetime, limit: int, held: timedelta) -> list[EffectRow]:
    """Effects to do now; each comes back when it expired, and after `held` at the earliest. Needs the lane `claim`."""
    return [EffectRow(*row) for row in await sql.fetch_many(unit, _CLAIM_EFFECTS, now, limit, held)]


async def drop_effect(unit: Unit, effect: UUID) -> None:
    await sql.execute(unit, _DROP_EFFECT, effect)
