"""How much of the API a workspace may use, and how long its logs are kept: our defaults, and the bounds of choosing."""

from dataclasses import dataclass

from parley.kit.rates import Quota

BURST_SECONDS = 2
"""After a pause a quota allows so many seconds' worth at once: programs work in waves."""
DEFAULT_LOG_DAYS, MAX_LOG_DAYS = 30, 90
"""Days of logs are dropped whole."""
KEY_RATE, WORKSPACE_RATE, CONCURRENCY = 400, 800, 100
"""Requests a second, and at once, in each web process: a node serves about a thousand a second."""
MAX_RATE, MAX_CONCURRENCY = 2000, 1000
CHANNEL_FACTOR, LEAST_CHANNEL_RATE = 2, 100
"""Messages are taken twice as fast as the number's provider takes them; a queue evens out the rest."""
QUEUE_SECONDS, LEAST_QUEUE = 600, 10_000
"""A queue of more than ten minutes at the number's own rate is a mistake, or a campaign: it has a lane of its own."""
MAX_QUEUE = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What a workspace chose; None is our default."""

    log_days: int | None = None
    key_rate: int | None = None
    workspace_rate: int | None = None
    channel_rate: int | None = None
    concurrency: int | None = None
    queue_bound: int | None = None

    @property
    def key(self) -> Quota:
        return _quota("key", self.key_rate or KEY_RATE)

    @property
    def workspace(self) -> Quota:
        return _quota("workspace", self.workspace_rate or WORKSPACE_RATE)

    def channel(self, provider_rate: int) -> Quota:
        """Of a number whose provider takes so many messages a second."""
        usual = max(LEAST_CHANNEL_RATE, provider_rate * CHANNEL_FACTOR)
        return _quota("channel", self.channel_rate or usual)

    def queue(self, provider_rate: int) -> int:
        """How many messages may wait for such a number."""
        return self.queue_bound or max(LEAST_QUEUE, provider_rate * QUEUE_SECONDS)

    @property
    def at_once(self) -> int:
        return self.concurrency or CONCURRENCY


def _quota(name: str, rate: int) -> Quota:
    return Quota(name, rate, rate * BURST_SECONDS)
