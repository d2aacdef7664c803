"""What every kind of node is: a shape that an author writes, and what it does. The kinds are the files of `nodes/`."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, ClassVar, Literal, TypeAlias

import msgspec
from msgspec import Meta

from parley.modules.flows.engine.fields import Dependency, Finding
from parley.modules.flows.engine.steps import Step
from parley.modules.flows.engine.turn import Turn
from parley.modules.flows.engine.world import Resume, Returned

Note = Annotated[str, Meta(max_length=500, description="For the author's colleagues; customers never see it.")]
Group: TypeAlias = Literal["say", "ask", "decide", "keep", "time", "flow", "world", "ai", "people"]
"""What a kind is for, in the order in which authors meet them."""


class Node(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """A node: what an author writes, and what it does. One subclass per kind, one file each.

    `enter` and `resume` are pure: they read the turn, say and keep things through it, and return a step. What they need
    from the world they ask for by `turn.ask_world`; where they have to wait they return a wait.
    """

    note: Note | None = None

    group: ClassVar[Group] = "flow"
    pauses: ClassVar[bool] = False
    """Whether it always waits: a circle without such a node never ends by itself."""

    def enter(self, turn: Turn) -> Step:
        """The conversation has come here: do the work, then leave, wait or end."""
        raise NotImplementedError

    def resume(self, turn: Turn, resume: Resume | Returned) -> Step:  # noqa: ARG002  # kinds that never wait have no use for it
        """What this node waited for has come, or something else meanwhile: StillWaiting where that changes nothing."""
        return self.enter(turn)

    def exits(self) -> dict[str, str | None]:
        """Every way out, by name, with the node it leads to; None where the conversation simply ends."""
        return {}

    def speaks(self) -> bool:
        """Whether it says words of its own, which WhatsApp takes only in the 24 hours after the customer's last."""
        return False

    def silence(self, exit_: str) -> timedelta | None:  # noqa: ARG002  # most kinds take no time
        """How long the customer may have said nothing between entering and this exit; None: they just wrote."""
        return timedelta()

    def reads_contact(self) -> bool:
        """Whether it looks at the contact beyond what its texts name: at the language that numbers are read by."""
        return False

    def reads_tags(self) -> bool:
        """Whether it has to know the contact's tags."""
        return False

    def inspect(self) -> Iterator[Finding]:
        """What is wrong or doubtful in this node alone; pointers are relative to it."""
        return iter(())

    def dependencies(self) -> Iterator[Dependency]:
        """The things of the workspace that it names; pointers are relative to it."""
        return iter(())
