"""Business hours: whether people are there now."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from msgspec import Meta

from parley.modules.flows.engine.fields import Dependency, Name, Target
from parley.modules.flows.engine.hours import is_open
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.steps import Leave, Step
from parley.modules.flows.engine.turn import Turn


class BusinessHours(Node, frozen=True, kw_only=True, tag="business_hours"):
    """Goes on by `open` or by `closed`, by the hours of that name among the flow's `hours` and in its time zone.

    Example:
        timezone: Europe/Berlin
        hours:
          office:
            week: {monday: ["09:00-12:00", "14:00-18:00"], tuesday: ["09:00-12:00"]}
            days: {"12-25": []}
        nodes:
          start: {type: business_hours, hours: office, open: here, closed: away}
          here: {type: message, text: We are here.}
          away: {type: message, text: We are closed.}
        talk:
          - customer: hi
          - bot: We are closed.
    """

    group: ClassVar[Group] = "decide"

    hours: Annotated[Name, Meta(description="One of the flow's `hours`.")]
    open: Target | None = None
    closed: Target | None = None

    def enter(self, turn: Turn) -> Step:
        hours = turn.library.hours.get(self.hours)
        if hours is None:
            turn.failed(f"The flow has no hours {self.hours!r}; write them under `hours`.")
            return Leave("closed")
        return Leave("open" if is_open(hours, turn.world.now, turn.library.zone) else "closed")

    def dependencies(self) -> Iterator[Dependency]:
        yield Dependency("hours", self.hours, "/hours")

    def exits(self) -> dict[str, str | None]:
        return {"open": self.open, "closed": self.closed}
