"""Customers who write, at a fixed rate or so many at once, and the stopwatch from their message to the bot's reply."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.graph import Graph, Taken
from bench.poster import Done, Poster
from bench.webhooks import STATUSES, Inbound, Sent, message, number, phone, status
from parley.core.time import elapsed_seconds, unix_seconds

ECHO = "Echo: "
"""How the bot's reply begins; the customer's words follow, and they begin with the message's number."""
DIGITS = 9
STATUS_SECONDS = (0.01, 0.03, 0.06)
"""When Meta tells sent, delivered and read, after it took a reply."""
TICK_SECONDS = 0.001
DRAIN_SECONDS = 30.0
NEW_FROM = 1_000_000
"""Customers of a higher index never wrote before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Who writes to whom. Every `new_each`-th message comes from somebody who never wrote before; 0 is never."""

    workspaces: int = 50
    customers: int = 20_000
    new_each: int = 5
    rate: int = 1000
    """Messages a second that each number may send: Meta's level HIGH is 1,000, STANDARD 80."""
    first_workspace: int = 0
    step: int = 1
    """Only every `step`-th customer, beginning with `first_workspace`."""

    def of(self, index: int) -> tuple[int, int]:
        """Workspace and customer of the message with this number."""
        if self.new_each and index % self.new_each == 0:
            customer = NEW_FROM + index
        else:
            customer = index * 7919 % self.customers * self.step + self.first_workspace
        return self.first_workspace + customer % self.workspaces, customer


@dataclass(slots=True)
class Counts:
    """What happened to each message, by its number. Seconds, on the clock of `elapsed_seconds`."""

    begun: list[float] = field(default_factory=list)
    acks: dict[int, float] = field(default_factory=dict)
    replies: dict[int, float] = field(default_factory=dict)
    repeated: int = 0
    """Replies beyond the first to one message, and posts beyond the first of one message of ours."""
    foreign: int = 0
    """Messages taken that answer nothing of this run."""

    def ack_seconds(self, first: int) -> list[float]:
        """Of all messages from number `first` on: how long until the webhook was answered."""
        return [at - self.begun[index] for index, at in self.acks.items() if index >= first]

    def reply_seconds(self, first: int) -> list[float]:
        return [at - self.begun[index] for index, at in self.replies.items() if index >= first]


class Traffic:
    """One run's customers and Meta. `with_statuses`: each reply is followed by sent, delivered and read."""

    def __init__(self, crowd: Crowd, *, with_statuses: bool, run: str) -> None:
        self.counts = Counts()
        self.crowd = crowd
        self.with_statuses = with_statuses
        self._run = run.encode()
        self.graph = Graph(self._take, run=self._run)
        self.callbacks: set[bytes] = set()
        """Our ids of every message that Meta took."""
        self.poster: Poster | None = None
        self.on_reply: Callable[[int], None] | None = None
        self.on_ack: Callable[[int], None] | None = None
        self.post_by: Callable[[bytes, Done | None], None] | None = None
        """Posts webhooks some other way than at once and once."""

    @property
    def sent(self) -> int:
        """Messages written so far; the next one's number."""
        return len(self.counts.begun)

    @property
    def unanswered(self) -> int:
        return self.sent - len(self.counts.replies)

    def write(self, at: float | None = None) -> int:
        """A customer writes; its number. `at` is when it was due, if that was earlier than now."""
        index = len(self.counts.begun)
        self.counts.begun.append(at if at is not None else elapsed_seconds())
        self._post(self._webhook(index), lambda _code: self._acked(index))
        return index

    def _webhook(self, index: int) -> bytes:
        workspace, customer = self.crowd.of(index)
        return message(
            Inbound(
                to=number(workspace),
                sender=phone(customer),
                id=b"wamid.HBgM%sI%020dA=" % (self._run, index),
                text=b"%09d" % index,
                at=int(unix_seconds()),
            )
        )

    async def at_rate(self, rate: float, seconds: float) -> None:
        """Write `rate` messages a second, each stamped with the moment it was due, however late we are."""
        loop = asyncio.get_running_loop()
        begun = elapsed_seconds()
        done = loop.create_future()
        total = int(rate * seconds)
        count = 0

        def tick() -> None:
            nonlocal count
            due = min(total, int((elapsed_seconds() - begun) * rate) + 1)
            while count < due:
                self.write(begun + count / rate)
                count += 1
            if count < total:
                loop.call_later(TICK_SECONDS, tick)
            elif not done.done():
                done.set_result(None)

        tick()
        await done

    async def closed(self, in_flight: int, seconds: float) -> None:
        """Keep `in_flight` customers busy: each writes again when it has the acknowledgement and the reply."""
        waiting: dict[int, int] = {}
        ends = elapsed_seconds() + seconds

        def half(index: int) -> None:
            left = waiting.pop(index, 0) - 1
            if left > 0:
                waiting[index] = left
            elif left == 0 and elapsed_seconds() < ends:
                waiting[self.write()] = 2

        self.on_reply = self.on_ack = half
        for _ in range(in_flight):
            waiting[self.write()] = 2
        await asyncio.sleep(seconds)
        self.on_reply = self.on_ack = None

    async def drain(self, seconds: float = DRAIN_SECONDS) -> float:
        """Wait until every message is answered, at most so long; how long it took."""
        begun = elapsed_seconds()
        while self.unanswered and elapsed_seconds() - begun < seconds:  # noqa: ASYNC110 - a count is watched
            await asyncio.sleep(0.005)
        return elapsed_seconds() - begun

    def _acked(self, index: int) -> None:
        self.counts.acks.setdefault(index, elapsed_seconds())
        if self.on_ack is not None:
            self.on_ack(index)

    def _take(self, taken: Taken) -> None:
        if taken.sent.callback in self.callbacks:
            self.counts.repeated += 1
        self.callbacks.add(taken.sent.callback)
        text = taken.text
        index = int(text[len(ECHO) : len(ECHO) + DIGITS]) if text.startswith(ECHO) else -1
        if not 0 <= index < len(self.counts.begun):
            self.counts.foreign += 1
        elif index in self.counts.replies:
            self.counts.repeated += 1
        else:
            self.counts.replies[index] = elapsed_seconds()
            if self.on_reply is not None:
                self.on_reply(index)
        if self.with_statuses:
            self._tell(taken.sent)

    def _tell(self, sent: Sent) -> None:
        loop = asyncio.get_running_loop()
        for word, after in zip(STATUSES, STATUS_SECONDS, strict=True):
            loop.call_later(after, self._post_status, sent, word)

    def _post_status(self, sent: Sent, word: bytes) -> None:
        self._post(status(sent, word, int(unix_seconds())), None)

    def _post(self, body: bytes, done: Done | None) -> None:
        assert self.poster is not None
        (self.post_by or self.poster.post)(body, done)


def rate_of(times: Sequence[float], begun: float, ended: float) -> float:
    """Events a second within a span."""
    return sum(1 for at in times if begun <= at < ended) / (ended - begun)
