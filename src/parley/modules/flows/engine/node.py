"""What every kind of node is: a shape that an author writes, and what it does."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from parley.modules.flows.engine.fields import Finding
from parley.modules.flows.engine.steps import Step
from parley.modules.flows.engine.turn import Turn
from parley.modules.flows.engine.world import Resume

Note = Annotated[str, Meta(max_length=500, description="For the author's colleagues; customers never see it.")]


class Node(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """A node: what an author writes, and what it does. One subclass per kind, one file each."""

    note: Note | None = None

    speaks_with_customer: ClassVar[bool] = False
    """Whether it asks and waits: a loop without such a node never ends by itself."""

    def enter(self, turn: Turn) -> Step:
        """The conversation has come here: do the work, then leave, wait or end."""
        raise NotImplementedError

    def resume(self, turn: Turn, resume: Resume) -> Step:  # noqa: ARG002  # kinds that never wait have no use for it
        """What this node waited for has come."""
        return self.enter(turn)

    def exits(self) -> dict[str, str | None]:
        """Every way out, by name, with the node it leads to; None where the conversation simply ends."""
        return {}

    def inspect(self) -> Iterator[Finding]:
        """What is wrong or doubtful in this node alone; pointers are relative to it."""
        return iter(())
