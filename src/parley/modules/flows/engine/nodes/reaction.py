"""Reaction: the bot puts an emoji under the customer's last message."""

from typing import Annotated, ClassVar

from msgspec import Meta

from parley.core.content import Content
from parley.modules.flows.engine.fields import Target
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.steps import Leave, Step
from parley.modules.flows.engine.turn import NOTHING, Turn

EMOJI_CHARACTERS = 64
"""One emoji may be many characters joined together."""


class Reaction(Node, frozen=True, kw_only=True, tag="reaction"):
    """Puts an emoji under the customer's last message; where there is none to react to, nothing happens.

    Example:
        nodes:
          start: {type: reaction, emoji: "👍", next: thanks}
          thanks: {type: message, text: Thank you!}
        talk:
          - customer: I love it
          - bot: {type: reaction, reaction: {message_id: wamid.1, emoji: "👍"}}
          - bot: Thank you!
    """

    group: ClassVar[Group] = "say"

    emoji: Annotated[str, Meta(max_length=EMOJI_CHARACTERS, description="One emoji; empty takes the reaction back.")]
    next: Target | None = None

    def enter(self, turn: Turn) -> Step:
        message = (turn.input or NOTHING).provider_id
        if message is not None:
            turn.say(Content("reaction", {"message_id": message, "emoji": self.emoji}))
        return Leave()

    def exits(self) -> dict[str, str | None]:
        return {"next": self.next}
