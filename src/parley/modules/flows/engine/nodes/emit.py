"""Emit: tell other systems that something happened."""

from typing import Annotated, ClassVar

from msgspec import Meta

from parley.modules.flows.engine.events.asking_the_world import Emitted
from parley.modules.flows.engine.fields import Name, Target
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.steps import Leave, Step
from parley.modules.flows.engine.turn import Turn

EventName = Annotated[
    str, Meta(pattern=r"^[a-z][a-z0-9_.]{0,63}$", description="What happened, such as `booking_made`.")
]


class Emit(Node, frozen=True, kw_only=True, tag="emit"):
    """Tells webhooks and the event feed that something happened: a `flow.event` with this `name` and `data`.

    It goes on at once; webhooks are retried until they took it. Texts in `data` may hold values.

    Example:
        nodes:
          start: {type: emit, name: booking_made, data: {day: "{{ input.text }}", guests: 2}}
        talk:
          - customer: tomorrow
          - emitted: {name: booking_made, data: {day: tomorrow, guests: 2}}
          - ends: completed
    """

    group: ClassVar[Group] = "world"

    name: EventName
    data: Annotated[dict[Name, object], Meta(description="What to tell; at most 8 kB of JSON.")] = {}
    next: Target | None = None

    def enter(self, turn: Turn) -> Step:
        filled = {name: turn.value(value) for name, value in self.data.items()}  # type: ignore[arg-type]  # read from JSON
        if turn.fits(filled, f"the data of {self.name!r}"):
            turn.events.append(Emitted(self.name, dict(filled)))
        return Leave()

    def exits(self) -> dict[str, str | None]:
        return {"next": self.next}
