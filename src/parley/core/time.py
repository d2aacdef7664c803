"""The one place that asks what time it is. Everything else is given `now`."""

import time
from collections.abc import Callable
from datetime import UTC, datetime


def _system_seconds() -> float:
    return time.time()


_seconds: Callable[[], float] = _system_seconds


MILLISECONDS_FROM = 1e11
"""A Unix time above this is of the year 5138, or rather counts milliseconds."""


def now() -> datetime:
    """The current moment, in UTC."""
    return datetime.fromtimestamp(_seconds(), UTC)


def unix_seconds() -> float:
    """The current moment as Unix seconds."""
    return _seconds()


def elapsed_seconds() -> float:
    """A monotonic reading for measuring durations; unrelated to the calendar."""
    return time.perf_counter()


def use_clock(seconds: Callable[[], float] | None) -> None:
    """Replace the clock (tests, the simulator's movable clock); None restores the system's."""
    global _seconds
    _seconds = seconds or _system_seconds


def from_unix(value: float | str) -> datetime:
    """A provider's Unix time as UTC. Some providers mix seconds and milliseconds."""
    seconds = float(value)
    if seconds > MILLISECONDS_FROM:
        seconds /= 1000.0
    return datetime.fromtimestamp(seconds, UTC)


def rfc3339(moment: datetime) -> str:
    """A moment as RFC 3339 text in UTC with milliseconds, for example 2026-11-23T15:04:05.123Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
