"""What was asked of other systems, and what came of it. Neither holds the content: it may be personal."""

from parley.modules.flows.engine.event import SprintEvent


class HttpAsked(SprintEvent, frozen=True):
    """A request is to be made: its address without the query, which may carry personal data."""

    node: str
    method: str
    url: str

    def told(self) -> str | None:
        return f"{self.method} {self.url}"


class HttpAnswered(SprintEvent, frozen=True):
    """A request came to its end: the status, or None and the reason why there was no answer."""

    node: str
    status: int | None
    reason: str | None

    def told(self) -> str | None:
        return f"answered {self.status}" if self.reason is None else f"no answer: {self.reason}"


class Emitted(SprintEvent, frozen=True):
    """The author's own event, for webhooks and the feed."""

    name: str
    data: dict[str, object]

    def told(self) -> str | None:
        return f"tells other systems: {self.name}"
