"""What this room needs from the world: somebody who makes requests to addresses that others wrote."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A request to an endpoint: a POST with a body, or a GET without."""

    url: str
    headers: Mapping[str, str]
    body: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an endpoint answered; the body may be cut off. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer:
    """Why there is none, for whoever set the endpoint up. `refused`: its address may not be called."""

    reason: str
    refused: bool


class Messenger(Protocol):
    """Makes requests to addresses that others wrote, guarded and bounded. Never raises for what the other side does."""

    async def ask(self, post: Post) -> Answer | NoAnswer: ...
