"""One endpoint as a worker sees it: how many requests may be under way, and what waits for its turn. No I/O."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from parley.modules.webhooks.domain import Endpoint
from parley.modules.webhooks.service.compose import Composed
from parley.modules.webhooks.store.queue import Claimed

FRESH: Final = 4
"""At once at an endpoint that we know nothing of: were it to hang, it would hold no more."""
MOST: Final = 16
"""At once at an endpoint that answers well."""
AHEAD: Final = 4
"""An endpoint that answers quickly may have so many times its requests claimed: the next are ready when it is."""
QUICK_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Ready:
    """A delivery that only needs to be signed and sent; claimed at `since`, by the monotonic clock."""

    claimed: Claimed
    endpoint: Endpoint
    composed: Composed
    since: float


@dataclass(slots=True)
class Outlet:
    """Requests grow one by one with every quick answer, and halve with every failure."""

    limit: int = FRESH
    running: int = 0
    quick: bool = False
    waiting: deque[Ready] = field(default_factory=deque)
    starved: bool = False
    """The last claim took all that there was room for: there is more."""

    @property
    def room(self) -> int:
        """How many more may be claimed."""
        held = self.running + len(self.waiting)
        return max(0, (self.limit * AHEAD if self.quick else self.limit) - held)

    @property
    def is_forgettable(self) -> bool:
        """Whether nothing is remembered that a fresh one would not know."""
        return self.running == 0 and not self.waiting and self.limit == FRESH and not self.quick

    def put(self, ready: Ready, start: Callable[[Ready], None]) -> None:
        """Take one more; it starts when there is a place."""
        self.waiting.append(ready)
        self._go_on(start)

    def done(self, start: Callable[[Ready], None], *, delivered: bool, seconds: float) -> list[Ready]:
        """One came back. After a failure what waited is handed back, to be claimed again when the endpoint is well."""
        self.running -= 1
        if delivered:
            self.quick = seconds < QUICK_SECONDS
            self.limit = min(MOST, self.limit + 1) if self.quick else max(FRESH, self.limit - 1)
            self._go_on(start)
            return []
        self.quick = False
        self.limit = max(1, self.limit // 2)
        back = list(self.waiting)
        self.waiting.clear()
        return back

    def _go_on(self, start: Callable[[Ready], None]) -> None:
        while self.waiting and self.running < self.limit:
            self.running += 1
            start(self.waiting.popleft())
