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


class ModelAsked(SprintEvent, frozen=True):
    """A language model is to be asked: how many lines of talk it is given, and how many tools."""

    node: str
    lines: int
    tools: int

    def told(self) -> str | None:
        return "asks the language model"


class ModelAnswered(SprintEvent, frozen=True):
    """A request to a language model came to its end: the tools it wants used and what it took, or why it failed."""

    node: str
    tools: tuple[str, ...]
    input_tokens: int
    output_tokens: int
    cost: int
    reason: str | None

    def told(self) -> str | None:
        if self.reason is not None:
            return f"no answer of the language model: {self.reason}"
        used = f"{self.input_tokens + self.output_tokens} tokens"
        return f"the language model answers by {', '.join(self.tools) or 'words'} ({used})"
