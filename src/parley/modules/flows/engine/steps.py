"""What a node decides, and what a sprint waits for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Leave:
    """Go on by this exit."""

    exit: str = "next"


@dataclass(frozen=True, slots=True)
class Ended:
    """The session is over."""

    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpEffect:
    """A request for the host to make. `id` is unique in its session; `timeout` is in seconds."""

    id: str
    method: str
    url: str
    headers: Mapping[str, str]
    body: str | None
    timeout: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitForMessage:
    """The person's turn. At `timeout_at` the host resumes with TimedOut: no wait is endless."""

    timeout_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitForEffect:
    """The world's turn. At `deadline` the host resumes with TimedOut: a failure, whatever became of the request."""

    effect: HttpEffect
    deadline: datetime


@dataclass(frozen=True, slots=True)
class StillWaiting:
    """Nothing changed: the wait that held before holds on, with its own deadline."""


Wait: TypeAlias = WaitForMessage | WaitForEffect | StillWaiting
Step: TypeAlias = Leave | Ended | WaitForMessage | WaitForEffect
