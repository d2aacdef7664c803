"""Delay: let some time pass."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from parley.modules.flows.engine import limits
from parley.modules.flows.engine.fields import Duration, Finding, Target, error, length
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.steps import Leave, Step, StillWaiting, WaitForTime
from parley.modules.flows.engine.turn import Turn
from parley.modules.flows.engine.world import MessageArrived, Resume, Returned, TimedOut

Interruption = Annotated[
    Target,
    Meta(description="Where to go when the customer writes meanwhile; without it, what they write changes nothing."),
]


class Delay(Node, frozen=True, kw_only=True, tag="delay"):
    """Waits for a length of time, then goes on; by `message`, where that is set, as soon as the customer writes.

    After 24 hours of silence WhatsApp takes templates only.

    Example:
        nodes:
          start: {type: message, text: Back in a minute., next: pause}
          pause: {type: delay, for: 1m, next: here, message: sooner}
          here: {type: message, text: Here we are.}
          sooner: {type: message, text: You are quick!}
        talk:
          - customer: hi
          - bot: Back in a minute.
          - silence: true
          - bot: Here we are.
    """

    group: ClassVar[Group] = "time"
    pauses: ClassVar[bool] = True

    duration: Annotated[Duration, Meta(description="How long.")] = msgspec.field(name="for")
    next: Target | None = None
    message: Interruption | None = None

    def enter(self, turn: Turn) -> Step:
        return WaitForTime(until=turn.world.now + length(self.duration))

    def resume(self, turn: Turn, resume: Resume | Returned) -> Step:  # noqa: ARG002  # the time tells nothing else
        match resume:
            case TimedOut():
                return Leave()
            case MessageArrived() if self.message is not None:
                return Leave("message")
        return StillWaiting()

    def exits(self) -> dict[str, str | None]:
        return {"next": self.next} | ({} if self.message is None else {"message": self.message})

    def silence(self, exit_: str) -> timedelta | None:
        return None if exit_ == "message" else length(self.duration)

    def inspect(self) -> Iterator[Finding]:
        if length(self.duration) > timedelta(days=limits.WAIT_DAYS):
            yield error("/for", "too_long", f"A flow waits {limits.WAIT_DAYS} days at most; use a campaign instead.")
