"""Split: let chance decide, by weight."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from parley.modules.flows.engine.chance import draw
from parley.modules.flows.engine.fields import Finding, Name, Place, Target, error
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.steps import Leave, Step
from parley.modules.flows.engine.turn import Turn


class Way(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way that chance may take."""

    name: Annotated[Name, Meta(description="A stable name for reports, for example `short_text`.")]
    weight: Annotated[int, Meta(ge=0, le=1_000_000, description="How often, beside the other weights.")] = 1
    next: Target | None = None


class Split(Node, frozen=True, kw_only=True, tag="split"):
    """Takes one of some ways by chance, each as often as its weight. The same contact always gets the same way.

    With `sticky: false` chance decides anew each time. `save` keeps the way's name.

    Example:
        nodes:
          start:
            type: split
            ways:
              - {name: never, weight: 0, next: other}
              - {name: always, weight: 100, next: hello}
            save: variant
          hello: {type: message, text: "Hello from {{ vars.variant }}!"}
          other: {type: message, text: Good day.}
        talk:
          - customer: hi
          - bot: Hello from always!
    """

    group: ClassVar[Group] = "decide"

    ways: Annotated[list[Way], Meta(min_length=1, max_length=20)]
    sticky: Annotated[bool, Meta(description="Whether a contact stays on the way that they got first.")] = True
    save: Place | None = None

    def __post_init__(self) -> None:
        if not sum(way.weight for way in self.ways):
            raise ValueError("At least one way needs a weight above 0")

    def enter(self, turn: Turn) -> Step:
        sticky = self.sticky and draw("split", turn.run.definition.id, turn.node, turn.world.contact.id)
        at = (sticky if self.sticky else turn.chance()) * sum(way.weight for way in self.ways)
        for way in self.ways:
            at -= way.weight
            if at < 0:
                break
        turn.save(self.save, way.name)
        return Leave(f"way.{way.name}")

    def exits(self) -> dict[str, str | None]:
        return {f"way.{way.name}": way.next for way in self.ways}

    def inspect(self) -> Iterator[Finding]:
        names = [way.name for way in self.ways]
        for index, name in enumerate(names):
            if name in names[:index]:
                yield error(f"/ways/{index}/name", "duplicate", f"The name {name!r} is used twice; change one.")
