"""What was asked for on the command line."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """`rate` and `seconds` are None for a benchmark's own."""

    long: bool = False
    rate: float | None = None
    seconds: float | None = None
    profile: bool = False
