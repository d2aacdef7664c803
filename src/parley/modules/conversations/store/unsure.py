"""SQL of messages of unknown fate."""

from dataclasses import dataclass
from datetime import datetime

from parley.core.ids import ChannelId, ContactId, MessageId, WorkspaceId
from parley.kit import sql
from parley.kit.unit import Unit

_DUE = """
select u.workspace_id, u.message_id, u.since from unsure u where u.asked_at < $1 order by u.asked_at limit 100"""
_DETAILS = """
select u.workspace_id, u.message_id, u.since, m.channel_id, m.contact_id, m.status, r.provider_id
from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) as u (workspace_id, message_id, since)
join lateral (
    select channel_id, contact_id, status from message where workspace_id = u.workspace_id and id = u.message_id limit 1
) m on true
left join lateral (
    select provider_id from message_ref where workspace_id = u.workspace_id and message_id = u.message_id limit 1
) r on true"""
_ASKED = """
with settled as (
    delete from unsure u using message m
    where u.workspace_id = $1 and u.message_id = $2 and m.workspace_id = $1 and m.id = $2 and m.status <> 25
    returning u.message_id
)
update unsure set asked_at = $3
where workspace_id = $1 and message_id = $2 and not exists (select from settled)"""
_COUNT = "select count(*) from unsure"


@dataclass(frozen=True, slots=True)
class Unsure:
    """A message the provider may or may not have, and what is known of it."""

    workspace: WorkspaceId
    message: MessageId
    since: datetime
    channel: ChannelId
    contact: ContactId
    status: int
    provider_id: bytes | None


async def due(unit: Unit, asked_before: datetime) -> list[Unsure]:
    """Those to look at; needs the lane `claim`, and binds the unit to their workspaces."""
    rows = await sql.fetch_many(unit, _DUE, asked_before)
    if not rows:
        return []
    await unit.bind(sorted({row[0] for row in rows}))
    columns = zip(*[(row[0], row[1], row[2]) for row in rows], strict=True)
    return [Unsure(*row) for row in await sql.fetch_many(unit, _DETAILS, *map(list, columns))]


async def asked(unit: Unit, message: MessageId, at: datetime) -> None:
    """Drop it when its fate is known by now, else look again later."""
    await sql.execute(unit, _ASKED, message, at)


async def count(unit: Unit) -> int:
    """How many there are; needs the lane `claim`."""
    return int((await sql.fetch_many(unit, _COUNT))[0][0])
