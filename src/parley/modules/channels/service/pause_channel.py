"""Stop a channel from sending, for a time or until someone resumes it."""

from datetime import datetime

from parley.core.ids import ChannelId
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.channels import store
from parley.modules.channels.domain import ChannelState
from parley.modules.channels.events import ChannelPaused, ChannelResumed


async def pause_channel(
    unit: Unit, channel: ChannelId, state: ChannelState, *, code: int | None, until: datetime | None = None
) -> None:
    """Messages wait in the queue; `code` is the provider's. Pausing twice is one fact."""
    if await store.pause(unit, channel, state, code, until):
        detail = {"code": code, "state": state}
        unit.record(ChannelPaused(workspace=unit.workspace, at=now(), subject=channel, detail=detail))
        unit.wake("channels")


async def resume_channel(unit: Unit, keys: KeyService, channel: ChannelId, token: str | None = None) -> None:
    """Send again, with a new token where the old one was refused."""
    own = await keys.scope(unit.workspace)
    sealed = store.TOKEN.seal(own.data, unit.workspace, channel, token) if token else None
    await store.resume(unit, channel, sealed)
    unit.record(ChannelResumed(workspace=unit.workspace, at=now(), subject=channel))
    unit.wake("channels")
    unit.wake("deliver")
