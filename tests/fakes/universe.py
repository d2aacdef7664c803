"""One frozen universe: the clock, ids, keys and chance stand still, so that a run is the same every time."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from parley.core import ids, time

BEGINNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday morning."""


class Clock:
    """A clock that moves only when told to."""

    def __init__(self, moment: datetime) -> None:
        self._seconds = moment.timestamp()

    def __call__(self) -> float:
        return self._seconds

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self._seconds, UTC)

    def forward(self, **units: float) -> None:
        """Move on: `clock.forward(days=1, seconds=5)`."""
        self._seconds += timedelta(**units).total_seconds()


class Entropy:
    """Bytes that look like chance and are the same in every run; never the same twice in one."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._drawn = 0

    def __call__(self, count: int) -> bytes:
        self._drawn += 1
        return hashlib.shake_256(b"%d|%d" % (self._seed, self._drawn)).digest(count)


@contextmanager
def frozen_universe(beginning: datetime = BEGINNING, seed: int = 1) -> Iterator[Clock]:
    """Freeze time and chance in this process, and give both back afterwards."""
    clock = Clock(beginning)
    time.use_clock(clock)
    ids.use_entropy(Entropy(seed), seed)
    ids._last = 0
    try:
        yield clock
    finally:
        time.use_clock(None)
        ids.use_entropy(None)
        ids._last = 0
