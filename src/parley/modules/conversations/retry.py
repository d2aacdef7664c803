"""When a send that failed is tried again. Pure: chance is given."""

from datetime import datetime, timedelta

from parley.modules.channels.ports import Remedy

FIRST_RETRY = 1.0
LONGEST_RETRY = 300.0
"""Seconds; a provider that was away is asked again within five minutes of coming back."""
PAIR_BASE = 4.0
"""Meta's advice for 131056: wait 4^n seconds."""
LONGEST_PAIR = 3600.0
NUMBER_PAUSE = 1.0
"""Seconds a number rests after the provider said it is too fast, doubled with each attempt."""

_AGAIN = {Remedy.RETRY, Remedy.THROTTLE_NUMBER, Remedy.THROTTLE_PAIR, Remedy.PAUSE_NUMBER, Remedy.REFRESH_TOKEN}


def sends_again(remedy: Remedy) -> bool:
    """Whether the message stays queued after a failure of this class."""
    return remedy in _AGAIN


def retry_at(remedy: Remedy, attempt: int, asked: float | None, now: datetime, chance: float) -> datetime:
    """The next attempt, `attempt` counting those made. `asked` is the provider's own wish, `chance` is 0 to 1.

    Jitter spreads a crowd that failed together over half the delay.
    """
    if remedy is Remedy.THROTTLE_PAIR:
        delay = min(LONGEST_PAIR, PAIR_BASE ** min(attempt, 6))
    else:
        delay = min(LONGEST_RETRY, FIRST_RETRY * 2 ** min(attempt - 1, 12))
    delay = max(delay, asked or 0.0)
    return now + timedelta(seconds=delay * (1 + chance / 2))


def number_rests_until(attempt: int, asked: float | None, now: datetime) -> datetime:
    """How long a throttled number sends nothing at all."""
    return now + timedelta(seconds=max(asked or 0.0, NUMBER_PAUSE * 2 ** min(attempt - 1, 6)))
