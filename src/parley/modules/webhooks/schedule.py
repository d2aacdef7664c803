"""When an attempt is made again, and when an endpoint is left in peace. Pure.

The delays are those of the Standard Webhooks specification's example, with a jitter that keeps endpoints which failed
together from coming back together.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

DELAYS: Final = tuple(
    timedelta(seconds=each) for each in (0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""Before each attempt, counted from the one before: 75.6 hours in all."""
ATTEMPTS: Final = len(DELAYS)
JITTER: Final = 0.1
MAX_RETRY_AFTER: Final = timedelta(hours=24)
"""An endpoint may ask for patience, not for ever."""

BREAKS_AFTER: Final = 5
"""So many failures in a row open the circuit: until it is tried again, nothing waits for an answer that won't come."""
FIRST_REST: Final = timedelta(seconds=5)
LONGEST_REST: Final = timedelta(minutes=5)
GIVE_UP_AFTER: Final = timedelta(days=5)
"""An endpoint that took nothing for so long is disabled."""


def next_attempt(attempts: int, now: datetime, chance: float, retry_after: timedelta | None = None) -> datetime | None:
    """When a delivery that was attempted so often is due again; None when that was the last time.

    `chance` is of [0, 1). An endpoint that asks for patience is not asked earlier than it said.
    """
    if attempts >= ATTEMPTS:
        return None
    delay = DELAYS[attempts] * (1 - JITTER + 2 * JITTER * chance)
    if retry_after is not None:
        delay = max(delay, min(retry_after, MAX_RETRY_AFTER))
    return now + delay


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How an endpoint does. `failures` in a row; `failing_since` the first of them."""

    failures: int = 0
    failing_since: datetime | None = None
    closed_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What came of a group of attempts at one endpoint."""

    delivered: int
    failed: int
    retry_after: timedelta | None = None


def after(health: Health, tally: Tally, now: datetime) -> Health:
    """The health after a group of attempts. Any success closes the circuit, unless patience was asked for."""
    rest = None if tally.retry_after is None else now + min(tally.retry_after, MAX_RETRY_AFTER)
    if tally.delivered:
        return Health(closed_until=rest)
    if not tally.failed:
        return health
    failures = health.failures + tally.failed
    if failures >= BREAKS_AFTER:
        exponent = min(failures - BREAKS_AFTER, 10)
        broken = now + min(FIRST_REST * 2**exponent, LONGEST_REST)
        rest = broken if rest is None else max(rest, broken)
    return Health(failures=failures, failing_since=health.failing_since or now, closed_until=rest)


def is_given_up(health: Health, now: datetime) -> bool:
    """Whether an endpoint failed for so long that it is disabled."""
    return (
        health.failing_since is not None
        and now - health.failing_since >= GIVE_UP_AFTER
        and health.failures >= BREAKS_AFTER
    )
