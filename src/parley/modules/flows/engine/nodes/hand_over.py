"""Hand over: people take the conversation from here."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from parley.modules.flows.engine import whatsapp_limits as whatsapp
from parley.modules.flows.engine.events.people import HandedOver
from parley.modules.flows.engine.fields import Finding, Text, Words, too_long
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.steps import Finished, Step
from parley.modules.flows.engine.turn import Turn

Team = Annotated[str, Meta(min_length=1, max_length=100, description="The team that takes over, by its name.")]
SUMMARY_CHARACTERS = 1_000
"""What a colleague reads at a glance before answering."""


class HandOver(Node, frozen=True, kw_only=True, tag="hand_over"):
    """Ends the bot's part: a colleague of `team` goes on, knowing the `summary`. The bot says `text` first.

    Example:
        nodes:
          start:
            type: hand_over
            text: A colleague will be with you shortly.
            team: Support
            priority: high
            summary: "Wrote: {{ input.text }}"
        talk:
          - customer: My order is broken
          - bot: A colleague will be with you shortly.
          - handed_over: {team: Support, priority: high, summary: "Wrote: My order is broken"}
          - ends: handed_over
    """

    group: ClassVar[Group] = "people"

    text: Words | None = None
    team: Team | None = None
    priority: Literal["low", "normal", "high", "urgent"] = "normal"
    summary: Text | None = None

    def enter(self, turn: Turn) -> Step:
        if self.text is not None:
            turn.say_text(self.text)
        summary = turn.text(self.summary, SUMMARY_CHARACTERS) if self.summary else ""
        turn.events.append(HandedOver(self.team, self.priority, summary))
        return Finished("handed_over")

    def speaks(self) -> bool:
        return self.text is not None

    def inspect(self) -> Iterator[Finding]:
        yield from too_long("/text", self.text, whatsapp.TEXT_BODY)
