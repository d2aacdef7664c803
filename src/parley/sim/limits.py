"""Meta's rates: a bucket per key, kept as one number each, so that millions of sends cost nothing to count."""

PAIR_INTERVAL = 6.0  # seconds: one message per pair of business and person every 6 s, in the long run
PAIR_BURST = 45  # so many may be sent at once and are paid back afterwards
MOST_KEYS = 100_000  # keys remembered; a key whose bucket is full again is forgotten first

_ROUNDING = 1e-6


class Paces:
    """Buckets by key. The number kept is the moment at which the bucket will be full again."""

    def __init__(self) -> None:
        self._full_at: dict[str, float] = {}
        self._epoch: float | None = None  # Unix seconds are too large to add a millisecond to without rounding

    def take(self, key: str, now: float, *, interval: float, burst: float) -> bool:
        """Take one from the bucket of `burst`, refilled by one every `interval` seconds; False when it is empty."""
        self._epoch = now if self._epoch is None else self._epoch
        now -= self._epoch
        full_at = max(self._full_at.get(key, now), now)
        if full_at - now > (burst - 1) * interval + _ROUNDING:
            return False
        if len(self._full_at) >= MOST_KEYS:
            self._forget(now)
        self._full_at[key] = full_at + interval
        return True

    def clear(self) -> None:
        self._full_at.clear()
        self._epoch = None

    def _forget(self, now: float) -> None:
        self._full_at = {key: moment for key, moment in self._full_at.items() if moment > now}
        if len(self._full_at) >= MOST_KEYS:
            self._full_at.clear()
