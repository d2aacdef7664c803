"""SQL of channels and their lanes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from parley.core.ids import ChannelId, WorkspaceId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit
from parley.modules.channels.domain import TEST_KIND, LastSeen

RESOLUTION = timedelta(seconds=5)
"""How far behind the last message the noted one may be."""
TOKEN = SealedColumn("channel", "token", str)
NUMBER = SealedColumn("channel", "number", str)

_COLUMNS = (
    "workspace_id, id, kind, number_id, account_id, number, token, rate, state, state_code, paused_until, created_at,"
    " marketing_messages"
)
_ALL = f"select {_COLUMNS} from channel order by workspace_id, id"
_TEST = "select id from channel where workspace_id = any($1::uuid[]) and kind = $2"
_ADD = f"""
insert into channel ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, 'active', null, null, now(), false)
on conflict (kind, number_id) do nothing returning id"""
_ADD_LANE = "insert into channel_lane (workspace_id, channel_id) values ($1, $2)"
_PAUSE = """
with c as (
    update channel set state = $3, state_code = $4, paused_until = $5
    where workspace_id = $1 and id = $2 and (state <> $3 or paused_until is distinct from $5) returning id
)
update channel_lane set closed_until = coalesce($5, 'infinity') where workspace_id = $1 and channel_id = $2
returning (select count(*) from c)"""
_RESUME = """
with c as (
    update channel set state = 'active', state_code = null, paused_until = null, token = coalesce($3, token)
    where workspace_id = $1 and id = $2 returning id
)
update channel_lane set closed_until = null where workspace_id = $1 and channel_id = $2"""
_REMOVE = """
with l as (delete from channel_lane where workspace_id = $1 and channel_id = $2),
    h as (delete from channel_health where workspace_id = $1 and channel_id = $2)
delete from channel where workspace_id = $1 and id = $2 returning id"""
_SLOW = """
update channel_lane set closed_until = greatest(closed_until, $3) where workspace_id = $1 and channel_id = $2"""
_SET_RATE = "update channel set rate = $3 where workspace_id = $1 and id = $2"
_SET_MARKETING = "update channel set marketing_messages = $3 where workspace_id = $1 and id = $2"

# Written every few seconds and not for each message, so that a busy channel's row is not what everybody waits for; one
# that somebody else holds is passed over, for they note the same.
_NOTE_TRAFFIC = """
with seen as (
    select k.workspace_id, k.id, y.heard_at, y.said_at
    from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[]) as y (w, id, heard_at, said_at)
    join channel k on k.workspace_id = y.w and k.id = y.id
    where y.heard_at > coalesce(k.last_inbound_at + $5::interval, '-infinity')
        or y.said_at > coalesce(k.last_outbound_at + $5::interval, '-infinity')
    for update of k skip locked
)
update channel c set last_inbound_at = greatest(c.last_inbound_at, seen.heard_at),
    last_outbound_at = greatest(c.last_outbound_at, seen.said_at)
from seen where c.workspace_id = seen.workspace_id and c.id = seen.id"""
_LAST_SEEN = "select last_inbound_at, last_outbound_at from channel where workspace_id = $1 and id = $2"


@dataclass(frozen=True, slots=True)
class Row:
    workspace: WorkspaceId
    id: ChannelId
    kind: str
    number_id: str
    account_id: str
    number: bytes | None
    token: bytes
    rate: int
    state: str
    state_code: int | None
    paused_until: datetime | None
    created_at: datetime
    marketing_messages: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """Why a channel stops: the provider's code, and until when (None: until someone resumes it)."""

    state: str
    code: int | None
    until: datetime | None = None


async def every(unit: Unit) -> list[Row]:
    """All channels of all workspaces; needs the lane `route`."""
    return [Row(*row) for row in await sql.fetch_many(unit, _ALL)]


async def test_channels(unit: Unit, workspaces: Sequence[UUID]) -> frozenset[UUID]:
    """The test channels of these workspaces, to which the unit is bound."""
    return frozenset(row["id"] for row in await sql.fetch_many(unit, _TEST, workspaces, TEST_KIND))


async def add(unit: Unit, row: Row) -> bool:
    """Whether it was added: a number belongs to one channel of one workspace."""
    columns = (row.id, row.kind, row.number_id, row.account_id, row.number, row.token, row.rate)
    if await sql.fetch_one(unit, _ADD, *columns) is None:
        return False
    await sql.execute(unit, _ADD_LANE, row.id)
    return True


async def pause(unit: Unit, workspace: WorkspaceId, channel: ChannelId, why: Pause) -> bool:
    """Stop sending on a channel (until someone resumes it, or a time); whether that changed anything."""
    rows = await sql.fetch_many(unit, _PAUSE, workspace, channel, why.state, why.code, why.until)
    return bool(rows and rows[0][0])


async def resume(unit: Unit, channel: ChannelId, token: bytes | None) -> None:
    await sql.execute(unit, _RESUME, channel, token)


async def remove(unit: Unit, channel: ChannelId) -> bool:
    """Whether there was one."""
    return bool(await sql.fetch(unit, _REMOVE, channel))


async def slow_down(unit: Unit, workspace: WorkspaceId, channel: ChannelId, until: datetime) -> None:
    """Nothing leaves this channel before then."""
    await sql.execute_many(unit, _SLOW, workspace, channel, until)


async def set_rate(unit: Unit, workspace: WorkspaceId, channel: ChannelId, rate: int) -> None:
    await sql.execute_many(unit, _SET_RATE, workspace, channel, rate)


async def set_marketing(unit: Unit, channel: ChannelId, wanted: object) -> None:
    await sql.execute(unit, _SET_MARKETING, channel, wanted)


async def note_traffic(unit: Unit, carried: Mapping[tuple[UUID, UUID], LastSeen]) -> None:
    """What channels, by (workspace, channel), carried just now."""
    workspaces, channels = zip(*carried, strict=True)
    heard, said = zip(*[(each.inbound_at, each.outbound_at) for each in carried.values()], strict=True)
    await sql.execute_many(unit, _NOTE_TRAFFIC, *map(list, (workspaces, channels, heard, said)), RESOLUTION)


async def last_seen(unit: Unit, channel: UUID) -> LastSeen:
    row = await sql.fetch_one(unit, _LAST_SEEN, channel)
    return LastSeen(inbound_at=row[0], outbound_at=row[1]) if row else LastSeen()
