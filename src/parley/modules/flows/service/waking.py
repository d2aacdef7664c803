"""Go on with sessions that no message wakes: time is up, an effect is answered, something happened, or they end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.core.ids import ConversationId, WorkspaceId
from parley.core.time import now
from parley.kit.unit import Unit
from parley.modules.contacts import Profile, profiles_of
from parley.modules.conversations import Thread, address_in, lock_threads, speaker
from parley.modules.flows.engine import EffectAnswered, EffectFailed, Interrupted, Resume, TimedOut
from parley.modules.flows.service.apply_sprint import Hands
from parley.modules.flows.service.converse import Conversing
from parley.modules.flows.service.hearing import as_stored
from parley.modules.flows.service.turn import Turn
from parley.modules.flows.store import sessions

TAKEN_OVER = "taken_over"
"""What a session ends with that ran out while people had the floor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What wakes a conversation's session. `came` None: the time it waits for; `effect`: which row was answered."""

    conversation: ConversationId
    came: Resume | None = None
    effect: UUID | None = None


class Waking:
    """Wakes many sessions of a workspace in one unit."""

    def __init__(self, conversing: Conversing, hands: Hands) -> None:
        self._conversing = conversing
        self._hands = hands

    async def wake(self, unit: Unit, calls: Sequence[Call], *, skip_held: bool = False) -> int:
        """Go on with the sessions of these conversations, as far as the call fits the wait that holds; how many it had.

        `skip_held` leaves out conversations that another transaction is at work in, for a lane that comes back.
        People's conversations are left to them: a session whose time is up there ends without a word. Only an
        interruption ends it earlier.
        """
        wanted = [call.conversation for call in calls]
        threads = {each.id: each for each in await lock_threads(unit, wanted, skip_held=skip_held)}
        rows = {row.conversation: row for row in await sessions.of_conversations(unit, list(threads))}
        moment = now()
        ready = [
            (heard, threads[call.conversation], rows[call.conversation])
            for call in calls
            if call.conversation in rows
            and (heard := _as_the_floor_lets(call, threads[call.conversation], rows[call.conversation], moment))
        ]
        if ready:
            await self._wake(unit, ready)
        return len(threads)

    async def _wake(self, unit: Unit, ready: Sequence[tuple[Call, Thread, sessions.SessionRow]]) -> None:
        contacts = sorted({(WorkspaceId(unit.workspace), thread.contact) for _, thread, _ in ready})
        profiles = await profiles_of(unit, self._conversing.people, contacts)
        turns = [
            turn
            for call, thread, row in ready
            if thread.contact in profiles and (turn := await self._turn(unit, call, (thread, row), profiles))
        ]
        if turns:
            await self._hands.apply(unit, turns)

    async def _turn(
        self, unit: Unit, call: Call, at: tuple[Thread, sessions.SessionRow], profiles: dict[UUID, Profile]
    ) -> Turn | None:
        thread, row = at
        turn = Turn(thread, address_in(profiles[thread.contact]))
        await self._conversing.restore(turn, as_stored(row))
        if call.effect is not None:
            turn.heard_from = turn.began_with
        came = _came(call, turn, row)
        if turn.session is None or turn.version is None or came is None:
            return None
        turn.resume(came, await self._conversing.worlds.of(unit, thread, turn.version, turn.session, profiles))
        if row.effect is not None and thread.quiet_since is None:
            await self._catch_up(unit, turn, row.effect)
        return turn

    async def _catch_up(self, unit: Unit, turn: Turn, effect: UUID) -> None:
        """Hear what the person wrote while the session waited for this effect."""
        fragments = await self._conversing.fragments(unit, turn.thread, effect)
        pauses = await self._conversing.waits_for_pauses(turn)
        for heard in [fragments] if pauses and fragments else [[each] for each in fragments]:
            await self._conversing.hear(unit, turn, heard, {})


def _as_the_floor_lets(call: Call, thread: Thread, row: sessions.SessionRow, moment: datetime) -> Call | None:
    """The call as it is where the bot has the floor; where people have it, only what ends the session.

    While the person writes no time is up, and no turn goes on that will be begun again with what they write.
    """
    if thread.quiet_since is not None and (call.came is None or (call.effect is not None and row.began_with)):
        return None
    if speaker(thread, moment) == "bot" or isinstance(call.came, Interrupted):
        return call
    if call.came is None and row.timer_at is not None and row.timer_at <= moment:
        return Call(conversation=call.conversation, came=Interrupted(outcome=TAKEN_OVER))
    return None


def _came(call: Call, turn: Turn, row: sessions.SessionRow) -> Resume | None:
    """What the session hears; None when the time or answer is of a wait that is over."""
    if call.effect is not None:
        return call.came if row.effect == call.effect else None
    if call.came is not None:
        return call.came
    if row.timer_at is None or row.timer_at > now():
        return None
    if turn.session is not None and turn.session.effect is not None:
        late = EffectFailed(reason="No answer came in time.")
        return EffectAnswered(effect_id=turn.session.effect, result=late)
    return TimedOut()
