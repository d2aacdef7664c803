"""What the simulated Meta has accepted: bounded, in order, with a count per `biz_opaque_callback_data`."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from parley.sim.web import Json

MOST_SENT = 100_000  # accepted sends remembered; the oldest are forgotten first


@dataclass(slots=True, kw_only=True)
class Sent:
    """One accepted send. `message` is the request body; `events` its statuses with their Unix seconds."""

    id: str
    phone_number_id: str
    to: str
    kind: str
    message: Json
    at: float
    version: int = 23
    biz: str | None = None
    category: str = "service"
    free: bool = True
    seq: int = 0
    events: list[tuple[str, float]] = field(default_factory=list)

    @property
    def status(self) -> str:
        return self.events[-1][0] if self.events else "accepted"


class Ledger:
    """Every acceptance gets the next number, so a reader goes on from where it stopped."""

    def __init__(self) -> None:
        self._kept: deque[Sent] = deque()
        self._by_id: dict[str, Sent] = {}
        self._counts: dict[str, int] = {}
        self._bell: asyncio.Event | None = None
        self.total = 0
        self.repeated = 0

    @property
    def forgotten(self) -> int:
        return self.total - len(self._kept)

    def add(self, sent: Sent) -> Sent:
        """Count an accepted send; a second one with the same callback data is a message sent twice."""
        self.total += 1
        sent.seq = self.total
        if len(self._kept) >= MOST_SENT:
            self._forget(self._kept.popleft())
        self._kept.append(sent)
        self._by_id[sent.id] = sent
        if sent.biz is not None:
            times = self._counts.get(sent.biz, 0) + 1
            self._counts[sent.biz] = times
            self.repeated += times > 1
        if self._bell is not None:
            self._bell.set()
            self._bell = None
        return sent

    def get(self, wamid: str) -> Sent | None:
        return self._by_id.get(wamid)

    def count(self, biz: str | None) -> int:
        """How often this callback data was accepted; 1 for a send without."""
        return 1 if biz is None else self._counts.get(biz, 0)

    def since(self, seq: int, limit: int) -> list[Sent]:
        """Accepted sends after number `seq`, oldest first."""
        skip = max(0, seq - self.forgotten)
        return [self._kept[index] for index in range(skip, min(skip + limit, len(self._kept)))]

    def next_bell(self) -> asyncio.Event:
        """Set at the next acceptance."""
        self._bell = self._bell or asyncio.Event()
        return self._bell

    def _forget(self, sent: Sent) -> None:
        self._by_id.pop(sent.id, None)
        if sent.biz is None:
            return
        left = self._counts.get(sent.biz, 1) - 1
        if left:
            self._counts[sent.biz] = left
        else:
            self._counts.pop(sent.biz, None)
