"""Change a channel: another token, paused or active; or remove it."""

from dataclasses import dataclass
from typing import Literal

from parley.core.errors import InvalidInput, NotFound, fault
from parley.core.ids import ChannelId, WorkspaceId
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.channels.domain import MAX_RATE, Channel
from parley.modules.channels.events import ChannelRemoved
from parley.modules.channels.service.health import request_check
from parley.modules.channels.service.pause_channel import pause_channel, resume_channel
from parley.modules.channels.store import channels as store


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelChange:
    """What to change; None stays."""

    token: str | None = None
    state: Literal["active", "paused"] | None = None
    rate: int | None = None
    marketing_messages: bool | None = None


async def change_channel(unit: Unit, keys: KeyService, channel: Channel, change: ChannelChange) -> None:
    """Raises InvalidInput. A new token lets a channel that was stopped for the old one send again."""
    if change.token is not None and not change.token.strip():
        raise InvalidInput("The channel can't be changed.", [fault("/access_token", "missing", "Give the token.")])
    if change.rate is not None:
        if not 1 <= change.rate <= MAX_RATE:
            sentence = "The throughput is 1 to 5000 messages a second."
            raise InvalidInput("The channel can't be changed.", [fault("/throughput", "out_of_range", sentence)])
        await store.set_rate(unit, channel.workspace, channel.id, change.rate)
        unit.wake("channels")
    if change.marketing_messages is not None:
        await store.set_marketing(unit, channel.id, change.marketing_messages)
        unit.wake("channels")
    resumes = change.state == "active" and channel.state != "active"
    if resumes or change.token is not None:
        token = change.token.strip() if change.token else None
        await resume_channel(unit, keys, channel.id, token)
        await request_check(unit, channel.workspace, channel.id)
    if change.state == "paused":
        await pause_channel(unit, channel.workspace, channel.id, store.Pause("paused", None))


async def remove_channel(unit: Unit, channel: ChannelId) -> None:
    """The channel goes; conversations and messages stay to be read. What was queued on it is cancelled."""
    if not await store.remove(unit, channel):
        raise NotFound("There is no such channel in this workspace; GET /v1/channels lists yours.")
    detail = {"channel_id": str(channel)}
    unit.record(ChannelRemoved(workspace=WorkspaceId(unit.workspace), at=now(), subject=channel, detail=detail))
    unit.wake("channels")
