"""Go on with sessions that no message wakes: their time is up, or what they asked the world for is answered."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import msgspec
import structlog

from parley.core.ids import ConversationId, WorkspaceId
from parley.core.time import now
from parley.kit.unit import Unit, Units
from parley.modules.conversations import StoredSession, Thread, address_of_contact, heard_since, lock_thread
from parley.modules.flows.engine import Answer, Effect, EffectAnswered, EffectFailed, Input, Resume, TimedOut
from parley.modules.flows.ports import Performer
from parley.modules.flows.service.apply_sprint import Hands
from parley.modules.flows.service.converse import NOT_ANSWERS, Conversing
from parley.modules.flows.service.turn import Turn
from parley.modules.flows.store import sessions
from parley.modules.flows.store.effects import EFFECT, EffectRow, claim_effects, drop_effect

BATCH = 50
HELD = timedelta(seconds=60)
"""An effect whose worker died is done again after this: longer than any request may take."""

log = structlog.get_logger("parley.flows")


class Resuming:
    """The lanes of timers and effects."""

    def __init__(self, units: Units, conversing: Conversing, hands: Hands, performers: Mapping[str, Performer]) -> None:
        self.units = units
        self.conversing = conversing
        self.hands = hands
        self.performers = performers
        self._under_way: set[asyncio.Task[None]] = set()

    async def timers(self) -> int:
        """Sessions whose wait is over."""
        async with self.units.begin(lane="claim") as unit:
            due = await sessions.due_timers(unit, now(), BATCH)
        for workspace, conversation in due:
            await self._go_on(workspace, conversation, None)
        return len(due)

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
        result = EffectFailed(reason="It took too long.") if late else await self._perform(body.effect)
        answer = EffectAnswered(effect_id=body.engine_id, result=result)
        await self._go_on(effect.workspace, effect.conversation, (effect.id, answer))

    async def _drop(self, effect: EffectRow) -> None:
        async with self.units.begin(effect.workspace) as unit:
            await drop_effect(unit, effect.id)

    async def _perform(self, effect: Effect) -> Answer:
        kind = str(effect.__struct_config__.tag)
        performer = self.performers.get(kind)
        if performer is None:
            return EffectFailed(reason=f"This installation does no effects of kind {kind!r}.")
        return await performer.perform(effect)

    async def _go_on(
        self, workspace: WorkspaceId, conversation: ConversationId, answered: tuple[UUID, EffectAnswered] | None
    ) -> None:
        async with self.units.begin(workspace) as unit:
            thread = await lock_thread(unit, conversation)
            row = await sessions.session(unit, conversation, thread.contact) if thread else None
            if answered is not None:
                await drop_effect(unit, answered[0])
            if thread is None or row is None:
                return
            if thread.floor != "bot":
                await sessions.stop_timer(unit, conversation)
                return
            await self._resume(unit, thread, row, answered)

    async def _resume(
        self, unit: Unit, thread: Thread, row: sessions.SessionRow, answered: tuple[UUID, EffectAnswered] | None
    ) -> None:
        turn = Turn(thread, await address_of_contact(unit, self.conversing.people, thread))
        stored = StoredSession(row.id, row.flow, row.flow_version, row.version, row.effect, row.timer_at, row.state)
        await self.conversing.restore(turn, stored)
        why = self._why(turn, row, answered)
        if turn.session is None or turn.version is None or why is None:
            return
        world = await self.conversing.worlds.of(unit, thread, turn.version, turn.session, {})
        turn.resume(why, world)
        if row.effect is not None:
            await self._catch_up(unit, turn, row.effect)
        await self.hands.apply(unit, [turn])

    async def _catch_up(self, unit: Unit, turn: Turn, effect: UUID) -> None:
        """Hear what the person wrote while the session waited for this effect."""
        for content in await heard_since(unit, self.conversing.people, turn.thread, effect):
            if content.kind not in NOT_ANSWERS:
                await self.conversing.hear(unit, turn, Input.of(content), {})

    def _why(self, turn: Turn, row: sessions.SessionRow, answered: tuple[UUID, EffectAnswered] | None) -> Resume | None:
        """What the session hears; None when the timer or answer is of a wait that is over."""
        if answered is not None:
            return answered[1] if row.effect == answered[0] else None
        if row.timer_at is None or row.timer_at > now():
            return None
        if turn.session is not None and turn.session.effect is not None:
            late = EffectFailed(reason="No answer came in time.")
            return EffectAnswered(effect_id=turn.session.effect, result=late)
        return TimedOut()
