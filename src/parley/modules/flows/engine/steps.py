"""What a node decides, and what a sprint waits for. Every wait has an end, at which the host resumes with TimedOut."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from parley.core.json import JsonValue
from parley.modules.flows.engine.effect import Effect


@dataclass(frozen=True, slots=True)
class Leave:
    """Go on by this exit."""

    exit: str = "next"


@dataclass(frozen=True, slots=True)
class Ended:
    """The run is over; with it the session, unless a parent waits for its result."""

    outcome: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The whole session is over, with all its runs: nothing that a parent could add."""

    outcome: str


@dataclass(frozen=True, slots=True)
class EnterFlow:
    """Run another flow from its start; this node is resumed with Returned when that is over."""

    flow: str
    variables: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JumpTo:
    """Go on in another flow and never come back: a run of it takes this one's place."""

    flow: str
    variables: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitForMessage:
    """The person's turn."""

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitForTime:
    """Nobody's turn: the flow goes on by itself. The node decides what a message in the meantime means."""

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitForEvent:
    """The turn of something that happens in the platform: one of these kinds of event, about this conversation."""

    kinds: tuple[str, ...]
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitForEffect:
    """The world's turn. `id` is unique in its session; at `until` the wait fails, whatever became of the request."""

    id: str
    effect: Effect
    until: datetime


@dataclass(frozen=True, slots=True)
class StillWaiting:
    """Nothing changed: the wait that held before holds on, with its own end."""


Pause: TypeAlias = WaitForMessage | WaitForTime | WaitForEvent | WaitForEffect
Wait: TypeAlias = Pause | StillWaiting
Step: TypeAlias = Leave | Ended | Finished | EnterFlow | JumpTo | Wait
