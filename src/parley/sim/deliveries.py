"""Webhooks on their way: signed, in parallel, in order where asked, retried with growing gaps, never dropped.

A delivery that fails is tried again at once, then with growing gaps. When a callback fails again and again it counts
as away: everything for it waits, one delivery at a time probes it, and the first 200 releases the rest.
"""

import asyncio
import hmac
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from parley.core import ids
from parley.sim.config import Settings
from parley.sim.poster import Address, Connection, post_request

PARALLEL = 32  # connections to the platform
MOST_WAITING = 200_000  # deliveries; above it the simulated Meta refuses new work instead of losing old
AWAY_AFTER = 8  # failures in a row before a callback counts as away
ENVELOPE = b'{"object":"whatsapp_business_account","entry":['


@dataclass(slots=True, eq=False)
class Target:
    """A callback and the secret its webhooks are signed with."""

    address: Address
    secret: bytes = field(repr=False)
    failures: int = 0
    parked: "deque[Delivery]" = field(default_factory=deque)
    probe: "Delivery | None" = None

    @property
    def away(self) -> bool:
        return self.failures >= AWAY_AFTER


@dataclass(slots=True, eq=False)
class Delivery:
    """One item of `entry`, encoded. Those of one `lane` are delivered one after the other."""

    target: Target
    entry: bytes
    lane: str | None = None
    attempts: int = 0


class Counters(msgspec.Struct):
    """What became of webhooks so far; `waiting` is now."""

    waiting: int = 0
    delivered: int = 0
    posts: int = 0
    failed_attempts: int = 0
    unaddressed: int = 0
    last_failure: str | None = None


class Deliveries:
    """The queue and its workers."""

    def __init__(self, settings: Callable[[], Settings]) -> None:
        self._settings = settings
        self._ready: asyncio.Queue[Delivery] = asyncio.Queue()
        self._lanes: dict[str, deque[Delivery]] = {}
        self._targets: dict[tuple[str, str], Target] = {}
        self._workers: list[asyncio.Task[None]] = []
        self.counters = Counters()

    @property
    def full(self) -> bool:
        return self.counters.waiting >= MOST_WAITING

    def target(self, url: str, secret: str) -> Target:
        """The target of this URL and secret; ValueError when the URL is none."""
        key = (url, secret)
        found = self._targets.get(key)
        if found is None:
            found = self._targets[key] = Target(Address(url), secret.encode())
        return found

    def post(self, delivery: Delivery) -> None:
        """Queue a delivery; behind those of its lane that are still on their way."""
        if not self._workers:
            self._workers = [asyncio.create_task(self._work()) for _ in range(PARALLEL)]
        self.counters.waiting += 1
        if delivery.lane is not None:
            behind = self._lanes.get(delivery.lane)
            if behind is not None:
                behind.append(delivery)
                return
            self._lanes[delivery.lane] = deque()
        self._ready.put_nowait(delivery)

    def clear(self) -> None:
        """Forget everything that waits."""
        self._ready = asyncio.Queue()
        self._lanes.clear()
        for target in self._targets.values():
            target.parked.clear()
        self._targets.clear()
        self.counters = Counters()
        for worker in self._workers:
            worker.cancel()
        self._workers = []

    async def close(self) -> None:
        """Stop the workers; what still waits is lost with the simulator's memory."""
        workers = self._workers
        self.clear()
        await asyncio.gather(*workers, return_exceptions=True)

    async def _work(self) -> None:
        ready = self._ready
        connections: dict[Target, Connection] = {}
        try:
            while True:
                delivery = await ready.get()
                target = delivery.target
                if target.away and target.probe is not delivery:
                    target.parked.append(delivery)
                    continue
                connection = connections.get(target)
                if connection is None:
                    connection = connections[target] = Connection(target.address)
                await self._attempt(connection, self._batch(delivery))
        finally:
            for connection in connections.values():
                connection.close()

    def _batch(self, first: Delivery) -> list[Delivery]:
        batch = [first]
        most = self._settings().webhook_batch
        while len(batch) < most and not self._ready.empty():
            following = self._ready.get_nowait()
            if following.target is not first.target:
                self._ready.put_nowait(following)
                break
            batch.append(following)
        return batch

    async def _attempt(self, connection: Connection, batch: list[Delivery]) -> None:
        target = batch[0].target
        body = signed_body([delivery.entry for delivery in batch])
        signature = hmac.digest(target.secret, body, "sha256").hex()
        self.counters.posts += 1
        counters = self.counters
        try:
            request = post_request(target.address, body, signature)
            status, _ = await connection.exchange(request, self._settings().webhook_timeout_seconds)
            failure = None if status == 200 else f"answered {status}"  # noqa: PLR2004 - Meta takes nothing but 200
        except (OSError, TimeoutError) as error:
            failure = type(error).__name__
        if counters is not self.counters:
            return  # everything was reset meanwhile
        if failure is None:
            self._arrived(target, batch)
        else:
            self._failed(target, batch, failure)

    def _arrived(self, target: Target, batch: list[Delivery]) -> None:
        self.counters.waiting -= len(batch)
        self.counters.delivered += len(batch)
        target.failures = 0
        target.probe = None
        while target.parked:
            self._ready.put_nowait(target.parked.popleft())
        for delivery in batch:
            if delivery.lane is not None:
                self._next_of(delivery.lane)

    def _next_of(self, lane: str) -> None:
        behind = self._lanes.get(lane)
        if behind:
            self._ready.put_nowait(behind.popleft())
        else:
            self._lanes.pop(lane, None)

    def _failed(self, target: Target, batch: list[Delivery], failure: str) -> None:
        self.counters.failed_attempts += 1
        self.counters.last_failure = f"{target.address.host}: {failure}"
        if target.away and target.probe is not batch[0]:
            target.parked.extend(batch)
            return
        target.failures += 1
        target.probe = None
        later = asyncio.get_running_loop().call_later
        if target.away:
            target.parked.extend(batch)
            later(self._gap(target.failures - AWAY_AFTER + 2), self._probe, target)
            return
        for delivery in batch:
            delivery.attempts += 1
            later(self._gap(delivery.attempts), self._ready.put_nowait, delivery)

    def _probe(self, target: Target) -> None:
        if target.parked:
            target.probe = target.parked.popleft()
            self._ready.put_nowait(target.probe)

    def _gap(self, attempts: int) -> float:
        settings = self._settings()
        if attempts <= 1:
            return 0.0
        doubled = settings.retry_first_seconds * 2.0 ** min(attempts - 2, 20)
        return float(min(doubled, settings.retry_most_seconds)) * (0.8 + 0.4 * ids.chance.random())


def signed_body(entries: list[bytes]) -> bytes:
    """The raw body as Meta writes it: slashes and everything beyond ASCII escaped, so that only raw bytes verify."""
    body = ENVELOPE + b",".join(entries) + b"]}"
    if not body.isascii():
        body = json.dumps(msgspec.json.decode(body), separators=(",", ":")).encode()
    return body.replace(b"/", b"\\/")
