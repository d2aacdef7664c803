"""What did not come true in a written conversation."""

from collections.abc import Iterator, Sequence
from difflib import ndiff

import msgspec

from parley.core.json import JsonValue


class TalkFailed(Exception):
    """`what` had to be `wanted` and is `found`. `step` counts from 1; `lines` are the conversation so far."""

    def __init__(self, what: str, wanted: JsonValue, found: JsonValue) -> None:
        super().__init__(what)
        self.what = what
        self.wanted = wanted
        self.found = found
        self.step = 0
        self.lines: Sequence[str] = ()

    def __str__(self) -> str:
        return "\n".join(self.told())

    def told(self) -> Iterator[str]:
        """For people: where, the difference, and the conversation so far."""
        yield f"step {self.step}: {self.what}"
        yield from (f"  {line}" for line in ndiff(_lines(self.wanted), _lines(self.found)) if line[0] != "?")
        yield "  (- must be, + is)"
        yield "  the conversation so far:"
        yield from (f"    {line}" for line in self.lines)


def _lines(value: JsonValue) -> list[str]:
    if value is None:
        return ["(nothing)"]
    if isinstance(value, str):
        return value.splitlines() or [""]
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=2).decode().splitlines()
