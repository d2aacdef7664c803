"""Close: the conversation is dealt with."""

from collections.abc import Iterator
from typing import ClassVar

from parley.modules.flows.engine import whatsapp_limits as whatsapp
from parley.modules.flows.engine.events.people import Closed
from parley.modules.flows.engine.fields import Finding, Words, too_long
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.nodes.end import Outcome
from parley.modules.flows.engine.steps import Finished, Step
from parley.modules.flows.engine.turn import Turn


class Close(Node, frozen=True, kw_only=True, tag="close"):
    """Closes the conversation, with a last word if there is one. The customer's next message opens it again.

    Unlike `end`, it ends all flows that wait for this one, and says to people and programs that nothing is left to do.

    Example:
        nodes:
          start: {type: close, text: Glad that it works again!, outcome: solved}
        talk:
          - customer: thanks
          - bot: Glad that it works again!
          - closed: true
          - ends: solved
    """

    group: ClassVar[Group] = "people"

    text: Words | None = None
    outcome: Outcome = "closed"

    def enter(self, turn: Turn) -> Step:
        if self.text is not None:
            turn.say_text(self.text)
        turn.events.append(Closed())
        return Finished(self.outcome)

    def speaks(self) -> bool:
        return self.text is not None

    def inspect(self) -> Iterator[Finding]:
        yield from too_long("/text", self.text, whatsapp.TEXT_BODY)
