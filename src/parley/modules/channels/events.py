"""Facts about channels."""

from dataclasses import dataclass
from typing import ClassVar

from parley.core.events import Event
from parley.modules.channels.domain import Channel
from parley.modules.channels.inbound import TemplateEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAdded(Event):
    """`subject` is the channel, `detail` has its account."""

    kind: ClassVar[str] = "channel.added"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRemoved(Event):
    """The channel is no more; its conversations stay. `subject` is the channel."""

    kind: ClassVar[str] = "channel.removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelHealthChanged(Event):
    """The number stands otherwise at its provider: `detail` has what changed. `subject` is the channel."""

    kind: ClassVar[str] = "channel.health_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPaused(Event):
    """The channel stopped sending; `detail` has the provider's code. `subject` is the channel."""

    kind: ClassVar[str] = "channel.paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelResumed(Event):
    """The channel sends again. `subject` is the channel."""

    kind: ClassVar[str] = "channel.resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelNoticed(Event):
    """The provider said something about the account, number, a group, a form or what we don't know: a notice."""

    kind: ClassVar[str] = "channel.notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateNoticed(ChannelNoticed):
    """The provider said something about a template. What it said rides along for this unit's reactions."""

    channel: Channel
    fact: TemplateEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStarted(Event):
    """Someone calls; `subject` is the notice."""

    kind: ClassVar[str] = "call.started"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallUpdated(Event):
    """A call rings, was accepted or rejected, or has a recording; `subject` is the notice."""

    kind: ClassVar[str] = "call.updated"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(Event):
    """A call is over; `subject` is the notice."""

    kind: ClassVar[str] = "call.ended"
