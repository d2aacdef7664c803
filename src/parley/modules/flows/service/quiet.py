"""Quiet windows: people write in fragments, and are answered once, when they pause.

What came waits in its conversation (two columns, so it survives any restart), and this lane takes it up. A turn that
has done nothing yet but ask the world is given up when more comes, and begun again with everything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from parley.core.ids import ConversationId, WorkspaceId
from parley.core.time import now
from parley.kit.unit import Unit, Units
from parley.modules.contacts import Profile, profiles_of
from parley.modules.conversations import (
    Held,
    Thread,
    address_in,
    due_answers,
    hold_answers,
    lock_threads,
    speaker,
)
from parley.modules.flows.service.apply_sprint import Hands
from parley.modules.flows.service.converse import Conversing
from parley.modules.flows.service.hearing import as_stored
from parley.modules.flows.service.one_unit import in_one_unit
from parley.modules.flows.service.turn import Turn
from parley.modules.flows.store import sessions, sprints
from parley.modules.flows.store.effects import drop_effect

BATCH = 200
"""Conversations answered at once: a transaction of some tenths of a second."""
AGAIN = timedelta(seconds=1)
"""Where the session waits for an answer that can't be given up, it is looked at again so soon."""
HELD = timedelta(seconds=60)
"""A conversation that could not go on is tried again after this."""


@dataclass(frozen=True, slots=True)
class QuietWindows:
    """The lane that answers those who have paused."""

    units: Units
    conversing: Conversing
    hands: Hands

    async def work(self) -> int:
        """Answer everybody who has paused; how many this lane could take."""
        async with self.units.begin(lane="claim") as unit:
            due = await due_answers(unit, now(), BATCH)
        of: dict[WorkspaceId, list[ConversationId]] = {}
        for workspace, conversation in due:
            of.setdefault(workspace, []).append(conversation)
        done = [await in_one_unit(self.units, each, of[each], self._answer, _put_off) for each in of]
        return sum(done)

    async def _answer(self, unit: Unit, wanted: Sequence[ConversationId]) -> int:
        moment = now()
        held = await lock_threads(unit, list(wanted), skip_held=True)
        due = [each for each in held if each.quiet_until is not None and each.quiet_until <= moment]
        rows = {row.conversation: row for row in await sessions.of_conversations(unit, [each.id for each in due])}
        busy = {each.id for each in due if each.id in rows and _is_busy(rows[each.id])}
        if due:
            await hold_answers(unit, [_after(each, moment, busy=each.id in busy) for each in due])
        ready = [each for each in due if each.id not in busy and speaker(each, moment) == "bot"]
        if ready:
            await self._hear(unit, ready, rows)
        return len(due)

    async def _hear(self, unit: Unit, ready: Sequence[Thread], rows: dict[ConversationId, sessions.SessionRow]) -> None:
        contacts = sorted({(each.workspace, each.contact) for each in ready})
        profiles = await profiles_of(unit, self.conversing.people, contacts)
        known = [each for each in ready if each.contact in profiles]
        turns = [await self._turn(unit, each, rows.get(each.id), profiles) for each in known]
        changed = [turn for turn in turns if turn.sprints or turn.went_back]
        if changed:
            await self.hands.apply(unit, changed)

    async def _turn(
        self, unit: Unit, thread: Thread, row: sessions.SessionRow | None, profiles: dict[UUID, Profile]
    ) -> Turn:
        turn = Turn(thread, address_in(profiles[thread.contact]), heard_from=thread.quiet_since)
        if row is not None:
            await self.conversing.restore(turn, as_stored(row))
            if row.effect is not None:
                await self._begin_again(unit, turn, row)
        fragments = await self.conversing.fragments(unit, thread, thread.quiet_since)
        if fragments:
            await self.conversing.hear(unit, turn, fragments, profiles)
        return turn

    async def _begin_again(self, unit: Unit, turn: Turn, row: sessions.SessionRow) -> None:
        """The session as it was before this turn, whose effect nobody waits for any more."""
        if row.effect is not None:
            await drop_effect(unit, row.effect)
        turn.go_back()
        await sprints.undo(unit, row.id, turn.session.sprints + 1 if turn.session is not None else 1)


def _after(thread: Thread, moment: datetime, *, busy: bool) -> Held:
    """What waits in a conversation from now on: nothing, unless it has to be looked at again."""
    since, until = (thread.quiet_since, moment + AGAIN) if busy else (None, None)
    return thread.workspace, thread.id, since, until


def _is_busy(row: sessions.SessionRow) -> bool:
    """Whether its session waits for an answer that can't be given up."""
    return row.effect is not None and row.began_with is None


async def _put_off(unit: Unit, conversation: ConversationId) -> None:
    for thread in await lock_threads(unit, [conversation]):
        await hold_answers(unit, [(thread.workspace, thread.id, thread.quiet_since, now() + HELD)])
