"""End: the conversation is over, or its part in a flow that another one entered."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from msgspec import Meta

from parley.modules.flows.engine import whatsapp_limits as whatsapp
from parley.modules.flows.engine.fields import Finding, Words, too_long
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.steps import Ended, Step
from parley.modules.flows.engine.turn import Turn

Outcome = Annotated[
    str, Meta(pattern=r"^[a-z][a-z0-9_]{0,63}$", description="A word for reports, for example `booked`.")
]


class End(Node, frozen=True, kw_only=True, tag="end"):
    """Ends the conversation, with a last word if there is one, and an outcome for reports.

    Example:
        nodes:
          start: {type: end, text: Goodbye!, outcome: said_goodbye}
        talk:
          - customer: hi
          - bot: Goodbye!
          - ends: said_goodbye
    """

    group: ClassVar[Group] = "flow"

    text: Words | None = None
    outcome: Outcome = "completed"

    def enter(self, turn: Turn) -> Step:
        if self.text is not None:
            turn.say_text(self.text)
        return Ended(self.outcome)

    def speaks(self) -> bool:
        return self.text is not None

    def inspect(self) -> Iterator[Finding]:
        yield from too_long("/text", self.text, whatsapp.TEXT_BODY)
