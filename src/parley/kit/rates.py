"""Rate limits by GCRA: a bucket is one moment, the arrival that its next request would have at the quota's pace.

Each process keeps its own buckets and tells the others regularly how much it let through (`owed`, `settle`), so the
long-run rate holds over all of them; see docs/why/decisions/0019.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from uuid import UUID

from parley.core.errors import TooManyRequests
from parley.core.time import elapsed_seconds
from parley.kit.cache import Bounded

BUCKETS = 50_000
"""Subjects remembered, about 300 bytes each; one that was forgotten starts anew."""


@dataclass(frozen=True, slots=True)
class Quota:
    """So many requests a second all day, and `burst` at once after a pause."""

    name: str
    rate: float
    burst: int

    @property
    def window(self) -> int:
        """Seconds after which an empty bucket is full."""
        return ceil(self.burst / self.rate)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left of a quota, when all of it is there again, and how long to wait for the next; seconds."""

    quota: Quota
    left: int
    full_in: int
    wait: float


class QuotaExceeded(TooManyRequests):
    """One or more quotas are used up; `standings` are all that the request counted for."""

    code = "quota_exceeded"

    def __init__(self, standings: Sequence[Standing]) -> None:
        self.standings = tuple(standings)
        self.violated = tuple(each.quota.name for each in standings if each.wait > 0)
        wait = max(each.wait for each in standings)
        names = " and ".join(self.violated)
        super().__init__(f"Too many requests for this {names}; wait as long as Retry-After says.", retry_after=wait)


@dataclass(slots=True)
class _Bucket:
    arrival: float
    untold: float
    """Seconds of the quota's pace that other processes have not heard of."""


class Rates:
    """The buckets of this process."""

    def __init__(self) -> None:
        self._buckets: Bounded[UUID, _Bucket] = Bounded(BUCKETS)
        self._untold: set[UUID] = set()

    def take(self, wanted: Sequence[tuple[UUID, Quota]]) -> list[Standing]:
        """Count a request for each subject, or for none when one is exhausted. Raises QuotaExceeded."""
        moment = elapsed_seconds()
        buckets = [(subject, self._bucket(subject, moment), quota) for subject, quota in wanted]
        standings = [_standing(bucket, quota, moment) for _, bucket, quota in buckets]
        if any(each.wait > 0 for each in standings):
            raise QuotaExceeded(standings)
        for subject, bucket, quota in buckets:
            bucket.arrival += 1 / quota.rate
            bucket.untold += 1 / quota.rate
            self._untold.add(subject)
        return [
            Standing(each.quota, each.left - 1, _full_in(b, moment), 0)
            for each, (_, b, _) in zip(standings, buckets, strict=True)
        ]

    def check(self, subject: UUID, quota: Quota) -> None:
        """Count nothing. Raises QuotaExceeded."""
        moment = elapsed_seconds()
        standing = _standing(self._bucket(subject, moment), quota, moment)
        if standing.wait > 0:
            raise QuotaExceeded([standing])

    def owed(self) -> dict[UUID, float]:
        """What others have not heard of, by subject, in seconds of pace; from now on they have."""
        owed = {}
        for subject in self._untold:
            bucket = self._buckets.get(subject)
            if bucket is not None and bucket.untold > 0:
                owed[subject], bucket.untold = bucket.untold, 0.0
        self._untold.clear()
        return owed

    def settle(self, debts: dict[UUID, float]) -> None:
        """How many seconds each subject is ahead of its pace, counting all processes."""
        moment = elapsed_seconds()
        for subject, ahead in debts.items():
            bucket = self._buckets.get(subject)
            if bucket is not None:
                bucket.arrival = moment + max(0.0, ahead) + bucket.untold

    def _bucket(self, subject: UUID, moment: float) -> _Bucket:
        bucket = self._buckets.get(subject)
        if bucket is None:
            bucket = _Bucket(moment, 0.0)
            self._buckets.put(subject, bucket)
        bucket.arrival = max(bucket.arrival, moment)
        return bucket


def _standing(bucket: _Bucket, quota: Quota, moment: float) -> Standing:
    ahead = bucket.arrival - moment
    left = quota.burst - ahead * quota.rate
    wait = 0.0 if left >= 1 - _ROUNDING else (1 - left) / quota.rate
    return Standing(quota, max(0, floor(left + _ROUNDING)), _full_in(bucket, moment), wait)


def _full_in(bucket: _Bucket, moment: float) -> int:
    return ceil(bucket.arrival - moment - _ROUNDING)


_ROUNDING = 1e-6
"""Sums of fractions of a second miss whole numbers by less."""
