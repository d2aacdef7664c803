"""Lists come in pages: `{"data": […], "next_cursor": "…"|null}`, newest first. The cursor is opaque text."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from parley.kit.rest.shapes import Shown

DEFAULT_LIMIT = 25
MAX_LIMIT = 100
"""A page is read, opened and written in one go; more things come in more pages."""
_UUID_BYTES = 16
_EXAMPLE = "AZjzssbQelGww9Hi86S1xg"

Item = TypeVar("Item")
Found = TypeVar("Found")


class Page(Shown, Generic[Item]):
    """A page of a list."""

    data: list[Item]
    next_cursor: str | None = Field(
        description="Give it as `after` to get the next page; null on the last one.", examples=[_EXAMPLE]
    )


@dataclass(frozen=True, slots=True)
class Window:
    """Which page is wanted: those older than `after`, at most `limit`."""

    after: UUID | None
    limit: int


def write_cursor(last: UUID) -> str:
    """The cursor of the page that begins after this thing."""
    return urlsafe_b64encode(last.bytes).rstrip(b"=").decode()


def read_cursor(text: str) -> UUID | None:
    """Where a cursor points; None when it is none of ours."""
    try:
        found = urlsafe_b64decode(text.encode() + b"==")
    except (NotBase64, ValueError):
        return None
    return UUID(bytes=found) if len(found) == _UUID_BYTES else None


def _read(text: object) -> UUID:
    found = read_cursor(str(text))
    if found is None:
        raise PydanticCustomError("bad_cursor", "Give the `next_cursor` of the page before, as it was.")
    return found


Cursor = Annotated[UUID, BeforeValidator(_read), WithJsonSchema({"type": "string", "examples": [_EXAMPLE]})]
"""Where a page begins, in a body."""
_After = Annotated[
    UUID | None,
    Query(description="The `next_cursor` of the page before."),
    BeforeValidator(_read),
    WithJsonSchema({"type": "string", "examples": [_EXAMPLE]}),
]
_Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="How many things a page has at most.")]


async def _window(after: _After = None, limit: _Limit = DEFAULT_LIMIT) -> Window:
    return Window(after, limit)


WindowHere = Annotated[Window, Depends(_window)]


async def page_of(
    window: Window, read: Callable[[UUID | None, int], Awaitable[Sequence[Found]]], key: Callable[[Found], UUID]
) -> tuple[list[Found], str | None]:
    """The things of a page and the cursor of the next; `read(after, limit)` gives them in order, `key` their id."""
    found = list(await read(window.after, window.limit + 1))
    shown = found[: window.limit]
    return shown, write_cursor(key(shown[-1])) if len(found) > window.limit else None
