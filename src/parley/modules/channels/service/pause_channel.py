"""Stop a channel from sending, for a time or until someone resumes it."""

from parley.core.ids import ChannelId, WorkspaceId
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.channels.events import ChannelPaused, ChannelResumed
from parley.modules.channels.store import channels as store


async def pause_channel(unit: Unit, workspace: WorkspaceId, channel: ChannelId, why: store.Pause) -> None:
    """Messages wait in the queue. Pausing twice is one fact."""
    if await store.pause(unit, workspace, channel, why):
        detail = {"code": why.code, "state": why.state}
        unit.record(ChannelPaused(workspace=workspace, at=now(), subject=channel, detail=detail))
        unit.wake("channels")


async def resume_channel(unit: Unit, keys: KeyService, channel: ChannelId, token: str | None = None) -> None:
    """Send again, with a new token where the old one was refused."""
    own = await keys.scope(unit.workspace)
    sealed = store.TOKEN.seal(own.data, unit.workspace, channel, token) if token else None
    await store.resume(unit, channel, sealed)
    unit.record(ChannelResumed(workspace=unit.workspace, at=now(), subject=channel))
    unit.wake("channels")
    unit.wake("deliver")
