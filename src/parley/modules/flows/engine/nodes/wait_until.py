"""Wait until: let time pass until a moment."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, ClassVar

from msgspec import Meta

from parley.modules.flows.engine import limits
from parley.modules.flows.engine.fields import Dependency, Name, Target, Text
from parley.modules.flows.engine.hours import next_opening
from parley.modules.flows.engine.moments import read_moment
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.nodes.delay import Interruption
from parley.modules.flows.engine.steps import Leave, Step, StillWaiting, WaitForTime
from parley.modules.flows.engine.turn import Turn
from parley.modules.flows.engine.world import MessageArrived, Resume, Returned, TimedOut


class WaitUntil(Node, frozen=True, kw_only=True, tag="wait_until"):
    """Waits for a moment (`at`: `2026-12-24 09:00`, `09:00`, or from a value), or until it is open (`opening`).

    A moment that has passed leaves by `passed`, or by `next` where that is not set; one that cannot be read, or lies
    more than a year ahead, by `failed`. Times are of the flow's time zone.

    Example:
        timezone: Europe/Berlin
        hours: {office: {week: {tuesday: ["09:00-17:00"]}}}
        nodes:
          start: {type: wait_until, opening: office, next: morning}
          morning: {type: message, text: "Good morning, it is {{ now | date: '%H:%M' }}."}
        talk:
          - customer: hi
          - silence: true
          - bot: Good morning, it is 09:00.
    """

    group: ClassVar[Group] = "time"
    pauses: ClassVar[bool] = False

    at: Annotated[Text | None, Meta(description="The moment; a clock time alone is its next one.")] = None
    opening: Annotated[Name | None, Meta(description="One of the flow's `hours`: wait until it is open.")] = None
    next: Target | None = None
    passed: Target | None = None
    failed: Target | None = None
    message: Interruption | None = None

    def __post_init__(self) -> None:
        if (self.at is None) == (self.opening is None):
            raise ValueError("Write either `at` or `opening`")

    def enter(self, turn: Turn) -> Step:
        now = turn.world.now
        moment = self._moment(turn)
        if moment is None or moment > now + timedelta(days=limits.WAIT_DAYS):
            turn.failed(f"There is no such moment within {limits.WAIT_DAYS} days; write it as 2026-12-24 09:00.")
            return Leave("failed")
        if moment <= now:
            return Leave("next" if self.passed is None or self.opening is not None else "passed")
        return WaitForTime(until=moment)

    def _moment(self, turn: Turn) -> datetime | None:
        zone = turn.library.zone
        if self.at is not None:
            return read_moment(turn.text(self.at), turn.world.now, zone)
        hours = turn.library.hours.get(self.opening or "")
        return None if hours is None else next_opening(hours, turn.world.now, zone)

    def resume(self, turn: Turn, resume: Resume | Returned) -> Step:  # noqa: ARG002  # the time tells nothing else
        match resume:
            case TimedOut():
                return Leave()
            case MessageArrived() if self.message is not None:
                return Leave("message")
        return StillWaiting()

    def dependencies(self) -> Iterator[Dependency]:
        if self.opening is not None:
            yield Dependency("hours", self.opening, "/opening")

    def exits(self) -> dict[str, str | None]:
        ways: dict[str, str | None] = {"next": self.next}
        if self.passed is not None:
            ways["passed"] = self.passed
        if self.message is not None:
            ways["message"] = self.message
        return ways | {"failed": self.failed}

    def silence(self, exit_: str) -> timedelta | None:
        """Any length: only the moment decides."""
        waited = exit_ == "next"
        return None if exit_ == "message" else timedelta(days=limits.WAIT_DAYS if waited else 0)
