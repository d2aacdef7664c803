"""Go on with sessions that no message wakes: their time is up, or what they asked the world for is answered."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec
import structlog

from parley.core.ids import WorkspaceId
from parley.core.time import now
from parley.kit.unit import Unit, Units
from parley.modules.flows.engine import Answer, Effect, EffectAnswered, EffectFailed
from parley.modules.flows.ports import Performer
from parley.modules.flows.service.apply_sprint import Hands
from parley.modules.flows.service.converse import Conversing
from parley.modules.flows.service.one_unit import in_one_unit
from parley.modules.flows.service.waking import Call, Waking
from parley.modules.flows.store import sessions
from parley.modules.flows.store.effects import EFFECT, EffectRow, claim_effects, drop_effect

BATCH = 50
"""Effects under way in one process."""
TIMERS = 200
"""Sessions whose time is up, taken at once: a transaction of some tenths of a second."""
HELD = timedelta(seconds=60)
"""An effect whose worker died is done again after this: longer than any request may take."""

log = structlog.get_logger("parley.flows")


class Resuming:
    """The lanes of timers and effects."""

    def __init__(self, units: Units, conversing: Conversing, hands: Hands, performers: Mapping[str, Performer]) -> None:
        self.units = units
        self.conversing = conversing
        self.performers = performers
        self.waking = Waking(conversing, hands)
        self._under_way: set[asyncio.Task[None]] = set()

    async def timers(self) -> int:
        """Sessions whose wait is over, a workspace's in one unit; how many this lane could take."""
        async with self.units.begin(lane="claim") as unit:
            due = await sessions.due_timers(unit, now(), TIMERS)
        by_workspace: dict[WorkspaceId, list[Call]] = {}
        for workspace, conversation in due:
            by_workspace.setdefault(workspace, []).append(Call(conversation=conversation))
        rung = by_workspace.items()
        return sum([await in_one_unit(self.units, of, calls, self._ring, _put_off) for of, calls in rung])

    async def _ring(self, unit: Unit, calls: Sequence[Call]) -> int:
        return await self.waking.wake(unit, calls, skip_held=True)

    async def effects(self) -> int:
        """Requests that sessions wait for: done outside any transaction, answered in one."""
        free = BATCH - len(self._under_way)
        if free <= 0:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
            return 1
        async with self.units.begin(lane="claim") as unit:
            claimed = await claim_effects(unit, now(), free, HELD)
        for effect in claimed:
            task = asyncio.create_task(self._do_safely(effect))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return len(claimed)

    async def _do_safely(self, effect: EffectRow) -> None:
        try:
            await self._do(effect)
        except Exception:
            log.exception("A flow's effect failed and is done again.", action="effect_failed", effect=str(effect.id))

    async def _do(self, effect: EffectRow) -> None:
        people = self.conversing.people
        key = (await people.keys_of([(effect.workspace, effect.contact)])).get(effect.contact)
        if key is None:
            await self._drop(effect)
            return
        try:
            body = EFFECT.unseal(key, effect.workspace, effect.id, effect.body)
        except msgspec.ValidationError:  # of an older or newer version: the session's own deadline ends its wait
            await self._drop(effect)
            return
        late = effect.expires_at <= now()
        result = (
            EffectFailed(reason="It took too long.") if late else await self._perform(body.effect, effect.workspace)
        )
        answer = EffectAnswered(effect_id=body.engine_id, result=result)
        async with self.units.begin(effect.workspace) as unit:
            await drop_effect(unit, effect.id)
            await self.waking.wake(unit, [Call(conversation=effect.conversation, came=answer, effect=effect.id)])

    async def _drop(self, effect: EffectRow) -> None:
        async with self.units.begin(effect.workspace) as unit:
            await drop_effect(unit, effect.id)

    async def _perform(self, effect: Effect, workspace: WorkspaceId) -> Answer:
        kind = str(effect.__struct_config__.tag)
        performer = self.performers.get(kind)
        if performer is None:
            return EffectFailed(reason=f"This installation does no effects of kind {kind!r}.")
        return await performer.perform(effect, workspace)


async def _put_off(unit: Unit, call: Call) -> None:
    await sessions.postpone_timer(unit, call.conversation, now() + HELD)
