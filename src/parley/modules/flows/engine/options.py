"""Things to choose from: buttons and the rows of a list. A tap, the typed title, or its number chooses one."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from parley.modules.flows.engine.fields import Finding, Target, error, too_long
from parley.modules.flows.engine.language import WORDS
from parley.modules.flows.engine.turn import NOTHING, Turn
from parley.modules.flows.engine.words import key, same

Title = Annotated[
    str, Meta(min_length=1, max_length=200, description="What the customer sees and taps.", extra={WORDS: True})
]
OptionId = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="A stable name for reports; else the option's number.")
]


class Option(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing to choose, and where it leads."""

    title: Title
    id: OptionId | None = None
    next: Target | None = None


def name(option: Option, number: int) -> str:
    """The option's own name within its node."""
    return option.id or str(number)


def exit_name(option: Option, number: int) -> str:
    """The exit that an option is."""
    return f"option.{name(option, number)}"


def payload(node: str, option: Option, number: int) -> str:
    """What a tap sends back. The node's name is in it, so that a tap on an old message is not taken for an answer."""
    return f"{node}:{name(option, number)}"


def chosen(turn: Turn, options: Sequence[Option]) -> int | None:
    """Which option the customer's message means, counted from 0; None when none."""
    received = turn.input or NOTHING
    if received.payload is not None:
        names = [payload(turn.node, option, number) for number, option in enumerate(options, 1)]
        if received.payload in names:
            return names.index(received.payload)
        if received.payload.partition(":")[0] in turn.library.nodes:
            return None
    return _typed(received.text, [turn.text(option.title) for option in options])


def _typed(text: str, titles: Sequence[str]) -> int | None:
    words = text.strip()
    if not words:
        return None
    for index, title in enumerate(titles):
        if same(words, title):
            return index
    number = key(words)
    if number.isdecimal() and len(number) <= 2 and 1 <= int(number) <= len(titles):  # noqa: PLR2004  # ten rows, at most 99 choices
        return int(number) - 1
    return None


def exits(options: Sequence[Option]) -> dict[str, str | None]:
    """The exits of all options."""
    return {exit_name(option, number): option.next for number, option in enumerate(options, 1)}


def inspect(options: Sequence[Option], pointers: Sequence[str], limit: int) -> Iterator[Finding]:
    """Titles too long for WhatsApp, and titles or ids that are there twice."""
    titles: set[str] = set()
    names: set[str] = set()
    for number, (option, pointer) in enumerate(zip(options, pointers, strict=True), 1):
        yield from too_long(f"{pointer}/title", option.title, limit)
        if key(option.title) in titles:
            yield error(f"{pointer}/title", "duplicate", f"{option.title!r} is there twice; give each its own title.")
        if name(option, number) in names:
            yield error(f"{pointer}/id", "duplicate", f"The id {name(option, number)!r} is used twice; change one.")
        titles.add(key(option.title))
        names.add(name(option, number))
