"""How often a key may ask: a token bucket a key in each web process, told in the headers of every answer.

The headers are those of draft-ietf-httpapi-ratelimit-headers-10: `RateLimit-Policy` names the quota and its window,
`RateLimit` what is left and after how many seconds all of it is there again.
"""

from dataclasses import dataclass
from math import ceil
from uuid import UUID

from parley.core.errors import TooManyRequests
from parley.core.time import elapsed_seconds
from parley.kit.cache import Bounded

RATE = 200
"""Requests a second that a key may make all day: far above what a person's tools need, far below what fills a node."""
BURST = 400
"""Requests that it may make at once, after a pause."""
BUCKETS = 10_000
"""Keys remembered; one that was forgotten starts with a full bucket."""

_WINDOW = ceil(BURST / RATE)
_POLICY = f'"key";q={BURST};w={_WINDOW}'


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class RateLimiter:
    """The buckets of this process."""

    def __init__(self) -> None:
        self._buckets: Bounded[UUID, _Bucket] = Bounded(BUCKETS)

    def take(self, key: UUID, headers: dict[str, str]) -> None:
        """Count a request, and leave in `headers` what is left. Raises TooManyRequests."""
        bucket = self._filled(key)
        allowed = bucket.tokens >= 1
        bucket.tokens -= 1 if allowed else 0
        full_in = ceil((BURST - bucket.tokens) / RATE)
        headers["ratelimit-policy"] = _POLICY
        headers["ratelimit"] = f'"key";r={int(bucket.tokens)};t={full_in}'
        if not allowed:
            raise TooManyRequests("This key asks too often; wait as long as Retry-After says.", retry_after=1)

    def _filled(self, key: UUID) -> _Bucket:
        moment = elapsed_seconds()
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = _Bucket(BURST, moment)
            self._buckets.put(key, bucket)
        bucket.tokens = min(BURST, bucket.tokens + (moment - bucket.at) * RATE)
        bucket.at = moment
        return bucket
