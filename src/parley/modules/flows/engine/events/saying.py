"""What the bot says."""

from parley.core.content import Content
from parley.modules.flows.engine.event import SprintEvent


class Say(SprintEvent, frozen=True):
    """The bot speaks."""

    content: Content
    node: str

    def told(self) -> str | None:
        return f"says: {self.content.text or self.content.kind}"
