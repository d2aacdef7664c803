"""What happened in a sprint, in order. The host turns each into rows; the history shows them as they are."""

from dataclasses import dataclass
from typing import TypeAlias

from parley.core.content import Content
from parley.core.json import JsonValue


@dataclass(frozen=True, slots=True)
class Say:
    """The bot speaks."""

    content: Content
    node: str


@dataclass(frozen=True, slots=True)
class FieldSet:
    """A field of the contact got a value; None takes it away."""

    name: str
    value: JsonValue


@dataclass(frozen=True, slots=True)
class LanguageSet:
    """The contact's language was chosen (BCP 47)."""

    language: str


@dataclass(frozen=True, slots=True)
class HandedOver:
    """People take over. A FlowEnded follows."""

    team: str | None
    priority: str
    summary: str


@dataclass(frozen=True, slots=True)
class HttpAsked:
    """A request is to be made: its address without the query, which may carry personal data."""

    node: str
    method: str
    url: str


@dataclass(frozen=True, slots=True)
class HttpAnswered:
    """A request came to its end: the status, or None and the reason why there was no answer."""

    node: str
    status: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A node was left by an exit: what counts and drop-off are made of."""

    node: str
    exit: str


@dataclass(frozen=True, slots=True)
class NodeFailed:
    """A node could not do its work; `sentence` tells the author what to mend."""

    node: str
    sentence: str


@dataclass(frozen=True, slots=True)
class LimitHit:
    """A limit of `engine.limits` held; `limit` is its name."""

    limit: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ResumeIgnored:
    """What came does not belong to the wait that holds (an answer twice, a message during a request)."""

    reason: str


@dataclass(frozen=True, slots=True)
class FlowEnded:
    """The session is over: the author's outcome, or `completed`, `handed_over`, `expired`, `failed`, `limit`."""

    outcome: str


SprintEvent: TypeAlias = (
    Say
    | FieldSet
    | LanguageSet
    | HandedOver
    | HttpAsked
    | HttpAnswered
    | StepTaken
    | NodeFailed
    | LimitHit
    | ResumeIgnored
    | FlowEnded
)
