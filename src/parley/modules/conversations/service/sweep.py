"""Regular care of messages: those whose sender died become unsure, early statuses find their message."""

from dataclasses import dataclass
from datetime import timedelta

from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Units
from parley.modules.conversations.domain import Status
from parley.modules.conversations.events import MessageUnsure
from parley.modules.conversations.service.report import note
from parley.modules.conversations.service.trace import KEPT
from parley.modules.conversations.store import claims, outbox, statuses, traces

PARKED_FOR = timedelta(days=31)
"""A status may come up to 30 days after its message (Meta)."""


@dataclass(frozen=True, slots=True)
class Sweeper:
    """The lanes of care."""

    units: Units
    keys: KeyService

    async def strand(self) -> int:
        """Messages claimed by a sender that died: the provider may or may not have them."""
        moment = now()
        async with self.units.begin(lane="claim") as unit:
            found = await claims.stranded(unit, moment)
            if not found:
                return 0
            await unit.bind(sorted({workspace for workspace, _ in found}))
            ended = [outbox.Ended(w, m, Status.UNSURE, moment, None, None) for w, m in found]
            for settled, _ in await outbox.settle_ended(unit, ended):
                unit.record(
                    MessageUnsure(
                        workspace=settled.workspace,
                        at=moment,
                        contact=settled.contact,
                        conversation=settled.conversation,
                        message=settled.id,
                    )
                )
            unit.wake("deliver")
        return len(found)

    async def match_early(self) -> int:
        """Statuses that came before their message's provider id was known."""
        async with self.units.begin(lane="sweep") as unit:
            workspaces = await statuses.parked_workspaces(unit)
            if not workspaces:
                return 0
            await unit.enter_lane("")
            await unit.bind(workspaces)
            matched = await statuses.take_matched(unit)
            if matched:
                await note(unit, self.keys, await statuses.apply(unit, matched))
        return 0

    async def forget(self) -> int:
        """Drop parked statuses that can't find a message any more, and exchanges with providers that are old."""
        async with self.units.begin(lane="sweep") as unit:
            await statuses.forget_parked(unit, now() - PARKED_FOR)
            await traces.forget(unit, now() - KEPT)
        return 0
