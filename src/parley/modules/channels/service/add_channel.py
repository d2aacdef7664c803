"""Add a number to a workspace."""

from parley.core.errors import Conflict
from parley.core.ids import ChannelId, WorkspaceId, new_uuid
from parley.core.phones import normalise
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.channels.domain import Channel, ChannelAccess, NewChannel, check_new
from parley.modules.channels.events import ChannelAdded
from parley.modules.channels.store import channels as store
from parley.modules.channels.store import deliveries


async def add_channel(unit: Unit, keys: KeyService, new: NewChannel) -> ChannelId:
    """The new channel's id. What had already arrived for its number is read now. Raises InvalidInput, Conflict."""
    check_new(new)
    workspace = WorkspaceId(unit.workspace)
    own = await keys.scope(workspace)
    channel = ChannelId(new_uuid())
    row = store.Row(
        workspace=workspace,
        id=channel,
        kind=new.kind,
        number_id=new.number_id,
        account_id=new.account_id,
        number=store.NUMBER.seal(own.data, workspace, channel, normalise(new.number) or new.number),
        token=store.TOKEN.seal(own.data, workspace, channel, new.token.strip()),
        rate=new.rate,
        state="active",
        state_code=None,
        paused_until=None,
        created_at=now(),
    )
    if not await store.add(unit, row):
        raise Conflict("This phone number id is already a channel, here or in another workspace.")
    await deliveries.unpark(unit)
    detail = {"waba_id": new.account_id}
    unit.record(ChannelAdded(workspace=workspace, at=now(), subject=channel, detail=detail))
    unit.wake("channels")
    unit.wake("intake")
    unit.wake("statuses")
    return channel


def added(new: NewChannel, workspace: WorkspaceId, channel: ChannelId) -> Channel:
    """A channel just as it was added."""
    return Channel(
        id=channel,
        workspace=workspace,
        kind=new.kind,
        access=ChannelAccess(
            number_id=new.number_id,
            account_id=new.account_id,
            number=normalise(new.number) or new.number,
            token=new.token.strip(),
        ),
        rate=new.rate,
        state="active",
        state_code=None,
        paused_until=None,
        created_at=now(),
    )
