"""Things that go wrong on purpose: globally, or for one phone number id."""

import asyncio
from typing import Annotated

import msgspec

from parley.core import ids
from parley.sim.config import Rate, Seconds
from parley.sim.refusals import MetaError
from parley.sim.web import Answer

HANG_MOST = 600.0  # seconds; a connection held longer is a leak, not a test


class Faults(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What goes wrong. Rates are shares from 0 to 1.

    Before acceptance: `outage` (503 for everything), `drop_before_accept` (the connection dies unanswered),
    `error_rate` with `error_code`, `throttle_per_second` (130429 above it), `latency_ms` with `latency_jitter_ms`.
    After acceptance (counted and delivered): `timeout_after_accept` (held `hang_seconds`, then dropped unanswered),
    `error_after_accept` (a 500 that is no JSON), `late_error_rate` with `late_error_code` (a failed status).
    Webhooks: `duplicate_webhooks`, `reorder_webhooks` (late by up to `reorder_seconds`).
    """

    outage: bool = False
    drop_before_accept: Rate = 0.0
    error_rate: Rate = 0.0
    error_code: int = 131000
    throttle_per_second: Annotated[float, msgspec.Meta(gt=0)] | None = None
    latency_ms: Seconds = 0.0
    latency_jitter_ms: Seconds = 0.0
    timeout_after_accept: Rate = 0.0
    hang_seconds: Annotated[float, msgspec.Meta(ge=0, le=HANG_MOST)] = 0.0
    error_after_accept: Rate = 0.0
    late_error_rate: Rate = 0.0
    late_error_code: int = 131000
    duplicate_webhooks: Rate = 0.0
    reorder_webhooks: Rate = 0.0
    reorder_seconds: Seconds = 0.5


QUIET = Faults()
BROKEN_PAGE = Answer(500, b"<html><body>Sorry, something went wrong.</body></html>", b"text/html")


class Dropped(Exception):
    """Close the connection without an answer."""


class FaultTable:
    """The faults in force: those of a number instead of the global ones where it has its own."""

    def __init__(self) -> None:
        self.everywhere = QUIET
        self.by_number: dict[str, Faults] = {}

    def of(self, phone_number_id: str) -> Faults:
        return self.by_number.get(phone_number_id, self.everywhere) if self.by_number else self.everywhere

    def clear(self) -> None:
        self.everywhere = QUIET
        self.by_number.clear()


async def before_acceptance(faults: Faults) -> None:
    """Suffer what happens before the request is looked at; raises Dropped or MetaError."""
    if faults.latency_ms or faults.latency_jitter_ms:
        await asyncio.sleep((faults.latency_ms + ids.chance.random() * faults.latency_jitter_ms) / 1000)
    if faults.outage:
        raise MetaError(2, "The service is temporarily unavailable. Try again later.")
    if happens(faults.drop_before_accept):
        raise Dropped
    if happens(faults.error_rate):
        raise MetaError(faults.error_code, "A fault set in the simulator.")


async def after_acceptance(faults: Faults, given: Answer) -> Answer:
    """The answer as it leaves, or Dropped: the message is accepted either way."""
    if happens(faults.timeout_after_accept):
        await asyncio.sleep(faults.hang_seconds)
        raise Dropped
    return BROKEN_PAGE if happens(faults.error_after_accept) else given


def happens(rate: float) -> bool:
    """True in this share of the cases."""
    return rate > 0 and ids.chance.random() < rate
