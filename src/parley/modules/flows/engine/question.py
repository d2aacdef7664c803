"""What buttons, list and ask have in common: put a question, wait, understand the answer or put it again."""

from datetime import timedelta
from typing import Annotated, ClassVar

from msgspec import Meta

from parley.core.json import JsonValue
from parley.modules.flows.engine import limits
from parley.modules.flows.engine.fields import Place, Timeout, Words, length
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.steps import Leave, Step, StillWaiting
from parley.modules.flows.engine.turn import Turn
from parley.modules.flows.engine.world import MessageArrived, Resume, Returned, TimedOut

Retries = Annotated[
    int, Meta(ge=0, le=limits.RETRIES, description="How often the question is put again when the answer does not fit.")
]


class Question(Node, frozen=True, kw_only=True):
    """A node that asks and waits."""

    group: ClassVar[Group] = "ask"
    pauses: ClassVar[bool] = True
    refusal: ClassVar[str] = "other"
    """The exit of answers that do not fit."""

    text: Words
    save: Place | None = None
    retries: Retries | None = None
    retry_text: Annotated[Words | None, Meta(description="Said instead of the question after a misfit.")] = None
    timeout: Annotated[Timeout | None, Meta(description="What to do when the customer stays silent.")] = None

    def put(self, turn: Turn, words: str) -> None:
        """Say the question in these words, with whatever belongs to it."""
        raise NotImplementedError

    def understand(self, turn: Turn) -> tuple[str, JsonValue] | None:
        """The exit that the customer's message chooses and the value it brings; None when it does not fit."""
        raise NotImplementedError

    def allowed_retries(self) -> int:
        """How often to ask again."""
        return limits.DEFAULT_RETRIES if self.retries is None else self.retries

    def enter(self, turn: Turn) -> Step:
        self.put(turn, self.text)
        return turn.wait(self.timeout)

    def resume(self, turn: Turn, resume: Resume | Returned) -> Step:
        if isinstance(resume, TimedOut):
            return Leave("timeout")
        if not isinstance(resume, MessageArrived):
            return StillWaiting()
        understood = self.understand(turn)
        if understood is not None:
            exit_, value = understood
            turn.save(self.save, value)
            return Leave(exit_)
        if turn.attempts >= self.allowed_retries():
            return Leave(self.refusal)
        turn.attempts += 1
        self.put(turn, self.retry_text or self.text)
        return turn.wait(self.timeout)

    def speaks(self) -> bool:
        return True

    def silence(self, exit_: str) -> timedelta | None:
        return None if exit_ != "timeout" or self.timeout is None else length(self.timeout.after)

    def timeout_exit(self) -> dict[str, str | None]:
        """The exit of silence."""
        return {"timeout": self.timeout.next if self.timeout else None}
