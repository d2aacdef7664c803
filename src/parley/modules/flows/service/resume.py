"""Go on with sessions that no message wakes: their time is up, or what they asked the world for is answered."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import structlog

from parley.core.ids import ConversationId, WorkspaceId
from parley.core.time import now
from parley.kit.unit import Unit, Units
from parley.modules.conversations import StoredSession, Thread, address_of_contact, heard_since, lock_thread
from parley.modules.flows import store
from parley.modules.flows.engine import EffectAnswered, HttpAnswer, HttpFailed, Input, Resume, TimedOut, resume
from parley.modules.flows.service.apply_sprint import Hands, Turn
from parley.modules.flows.service.converse import NOT_ANSWERS, Conversing

BATCH = 50
HELD = timedelta(seconds=60)
"""An effect whose worker died is done again after this: longer than any request may take."""

Perform = Callable[[store.EffectBody], Awaitable[HttpAnswer | HttpFailed]]

log = structlog.get_logger("parley.flows")


class Resuming:
    """The lanes of timers and effects."""

    def __init__(self, units: Units, conversing: Conversing, hands: Hands, perform: Perform) -> None:
        self.units = units
        self.conversing = conversing
        self.hands = hands
        self.perform = perform
        self._under_way: set[asyncio.Task[None]] = set()

    async def timers(self) -> int:
        """Sessions whose wait is over."""
        async with self.units.begin(lane="claim") as unit:
            due = await store.due_timers(unit, now(), BATCH)
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
            claimed = await store.claim_effects(unit, now(), free, HELD)
        for effect in claimed:
            task = asyncio.create_task(self._do_safely(effect))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return len(claimed)

    async def _do_safely(self, effect: store.EffectRow) -> None:
        try:
            await self._do(effect)
        except Exception:
            log.exception("A flow's request failed and is made again.", action="effect_failed", effect=str(effect.id))

    async def _do(self, effect: store.EffectRow) -> None:
        people = self.conversing.people
        key = (await people.keys_of([(effect.workspace, effect.contact)])).get(effect.contact)
        if key is None:
            return
        body = store.EFFECT.unseal(key, effect.workspace, effect.id, effect.body)
        result = await self.perform(body) if effect.expires_at > now() else HttpFailed(reason="It took too long.")
        answer = EffectAnswered(effect_id=body.engine_id, result=result)
        await self._go_on(effect.workspace, effect.conversation, (effect.id, answer))

    async def _go_on(
        self, workspace: WorkspaceId, conversation: ConversationId, answered: tuple[UUID, EffectAnswered] | None
    ) -> None:
        async with self.units.begin(workspace) as unit:
            thread = await lock_thread(unit, conversation)
            row = await store.session(unit, conversation, thread.contact) if thread else None
            if answered is not None:
                await store.drop_effect(unit, answered[0])
            if thread is None or row is None:
                return
            if thread.floor != "bot":
                await store.stop_timer(unit, conversation)
                return
            await self._resume(unit, thread, row, answered)

    async def _resume(
        self, unit: Unit, thread: Thread, row: store.SessionRow, answered: tuple[UUID, EffectAnswered] | None
    ) -> None:
        turn = Turn(thread, await address_of_contact(unit, self.conversing.people, thread))
        stored = StoredSession(row.id, row.flow, row.flow_version, row.version, row.effect, row.timer_at, row.state)
        await self.conversing.restore(turn, stored)
        why = self._why(turn, row, answered)
        if turn.session is None or turn.version is None or why is None:
            return
        world = await self.conversing.world(unit, turn, turn.version, {})
        turn.take(turn.version, resume(turn.version.definition, turn.session, why, world))
        if row.effect is not None:
            await self._catch_up(unit, turn, row.effect)
        await self.hands.apply(unit, [turn])

    async def _catch_up(self, unit: Unit, turn: Turn, effect: UUID) -> None:
        """Hear what the person wrote while the session waited for this effect."""
        for content in await heard_since(unit, self.conversing.people, turn.thread, effect):
            if content.kind not in NOT_ANSWERS:
                await self.conversing.hear(unit, turn, Input.of(content), {})

    def _why(self, turn: Turn, row: store.SessionRow, answered: tuple[UUID, EffectAnswered] | None) -> Resume | None:
        """What the session hears; None when the timer or answer is of a wait that is over."""
        if answered is not None:
            return answered[1] if row.effect == answered[0] else None
        if row.timer_at is None or row.timer_at > now():
            return None
        if turn.session is not None and turn.session.effect is not None:
            late = HttpFailed(reason="No answer came in time.")
            return EffectAnswered(effect_id=turn.session.effect, result=late)
        return TimedOut()
