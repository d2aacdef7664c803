"""Whether a number takes one more message: how fast they come, and how many wait already."""

from dataclasses import dataclass
from uuid import UUID

from parley.core.errors import TooManyRequests
from parley.core.time import elapsed_seconds
from parley.kit.cache import Bounded
from parley.kit.unit import Unit
from parley.modules.accounts import Allowances
from parley.modules.channels import Channel
from parley.modules.conversations.store import outbox

NUMBERS = 10_000
LOOK_SECONDS = (1.0, 30.0)
"""A queue near its bound is counted each second; one that can't reach it so soon, rarely."""


class QueueFull(TooManyRequests):
    """Messages of a number wait already as long as is sensible."""

    code = "queue_full"


@dataclass(slots=True)
class _Queue:
    depth: int
    look_at: float


class Crowding:
    """Remembers the depth of each number's queue for a moment."""

    def __init__(self, allowances: Allowances) -> None:
        self._allowances = allowances
        self._queues: Bounded[UUID, _Queue] = Bounded(NUMBERS)

    async def check(self, unit: Unit, channel: Channel) -> None:
        """Count one more message. Raises QuotaExceeded and QueueFull."""
        allowance = self._allowances.held(unit.workspace)
        quota = allowance.channel(channel.rate)
        self._allowances.rates.take([(channel.id, quota)])
        bound = allowance.queue(channel.rate)
        queue = self._queues.get(channel.id)
        if queue is None or elapsed_seconds() >= queue.look_at:
            depth = await outbox.depth_of(unit, channel.id, bound)
            soonest = (bound - depth) / quota.rate / 2
            queue = _Queue(depth, elapsed_seconds() + min(max(soonest, LOOK_SECONDS[0]), LOOK_SECONDS[1]))
            self._queues.put(channel.id, queue)
        queue.depth += 1
        if queue.depth > bound:
            seconds = max(1, bound // max(1, channel.rate) // 10)
            raise QueueFull(
                f"{bound} messages wait for this number already, and it sends {channel.rate} a second; come back when "
                "some have left.",
                retry_after=seconds,
            )
