"""Watch the systems that flows ask: one that fails again and again is told its author, once while it lasts."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from parley.core.json import JsonObject
from parley.core.time import now
from parley.kit.cache import Bounded
from parley.kit.unit import Unit
from parley.modules.flows.engine.events.asking_the_world import HttpAnswered
from parley.modules.flows.events import FlowRequestsFailing
from parley.modules.flows.service.carriers.facts import fact
from parley.modules.flows.service.carriers.tools import Tools
from parley.modules.flows.service.turn import Happened

LOOKED_AT: Final = 10
"""The last answers to one node's requests …"""
FAILING: Final = 5
"""… of which so many failed: no accident any more, and nothing that one retry would mend."""
TOLD_AGAIN: Final = timedelta(minutes=30)
"""As long as it goes on, its author is reminded this often."""
SERVER_ERRORS: Final = 500
NODES: Final = 2_000
"""Nodes watched by one process, some hundred bytes each."""


@dataclass(slots=True)
class Answers:
    """What one node of a flow was answered last: whether each failed."""

    failed: deque[bool] = field(default_factory=lambda: deque(maxlen=LOOKED_AT))
    told_at: datetime | None = None

    def take(self, at: datetime, *, failed: bool) -> int | None:
        """Note an answer; how many failed, when it is time to tell."""
        self.failed.append(failed)
        count = sum(self.failed)
        if count < FAILING or not failed:
            return None
        if self.told_at is not None and at - self.told_at < TOLD_AGAIN:
            return None
        self.told_at = at
        return count


class RequestWatch:
    """The Carrier of answers. Each process watches what it carries itself, so a restart begins anew."""

    def __init__(self) -> None:
        self._nodes: Bounded[tuple[str, str], Answers] = Bounded(NODES)

    async def __call__(self, _tools: Tools, unit: Unit, happened: Sequence[Happened]) -> None:
        """Record that requests of a node fail; what was asked and answered stays out of the fact."""
        for each in happened:
            if not isinstance(each.event, HttpAnswered):
                continue
            place = (each.version.flow.hex, each.event.node)
            answers = self._nodes.get(place) or Answers()
            self._nodes.put(place, answers)
            status = each.event.status
            count = answers.take(now(), failed=status is None or status >= SERVER_ERRORS)
            if count is not None:
                detail: JsonObject = {"node": each.event.node, "failed": count, "of": len(answers.failed)}
                unit.record(fact(FlowRequestsFailing, each, detail))
