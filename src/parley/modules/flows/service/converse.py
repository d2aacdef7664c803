"""A message came: the waiting session goes on with it, or the flow that it triggers starts."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from parley.core.ids import FlowId
from parley.core.time import now
from parley.kit.unit import Unit
from parley.modules.contacts import Directory, Profile
from parley.modules.conversations import Heard, Thread, heard_since, hold_answers, is_first
from parley.modules.conversations.events import MessageReceived, StoredSession
from parley.modules.flows.engine import (
    Input,
    Interrupted,
    MessageArrived,
    Occasion,
    Trigger,
    decode,
    joined,
)
from parley.modules.flows.service.apply_sprint import Hands
from parley.modules.flows.service.hearing import (
    EXPLICIT,
    NOT_ANSWERS,
    USUAL_PAUSE,
    WHOLE,
    Found,
    answered_at,
    input_of,
    interrupts,
    is_for_the_bot,
    means_nothing,
    triggered,
)
from parley.modules.flows.service.shelf import Shelf, Version
from parley.modules.flows.service.turn import Turn
from parley.modules.flows.service.worlds import Worlds
from parley.modules.flows.store import sessions
from parley.modules.privacy import People, read_keyword


class Conversing:
    """Answers messages with flows."""

    def __init__(self, directory: Directory, shelf: Shelf, hands: Hands) -> None:
        self._directory = directory
        self.shelf = shelf
        self._hands = hands
        self.worlds = Worlds(directory, shelf)

    @property
    def people(self) -> People:
        return self._directory.people

    async def answer(self, unit: Unit, received: Sequence[MessageReceived]) -> None:
        """One turn a conversation, its messages in their order; people's conversations are left to them."""
        heard = [each for each in received if is_for_the_bot(each)]
        profiles: dict[UUID, Profile] = {}
        turns: dict[UUID, Turn] = {}
        for each in heard:
            turn = turns.get(each.thread.id)
            if turn is None:
                turn = turns[each.thread.id] = await self._begin(each)
            else:
                turn.to = each.to
            await self._take(unit, turn, each, profiles)
        spoken = [turn for turn in turns.values() if turn.sprints]
        if spoken:
            await self._hands.apply(unit, spoken)
        held = [(turn.thread.workspace, turn.thread.id, *turn.held) for turn in turns.values() if turn.held]
        if held:
            await hold_answers(unit, held)
            unit.wake("quiet")

    async def _take(self, unit: Unit, turn: Turn, received: MessageReceived, profiles: dict[UUID, Profile]) -> None:
        """Answer a message, or let it wait until the person pauses."""
        arrival = received.arrival
        heard = Heard(received.message_id, arrival.provider_id, arrival.content, arrival.referral)
        given = input_of(heard)
        found = await self._started_by(unit, turn, heard)
        if means_nothing(turn, given, found):
            return
        pause = await self._pause(turn, found[0] if found else None)
        since = turn.began_with or turn.thread.quiet_since or (turn.held[0] if turn.held else None)
        whole = given.kind in WHOLE
        if since is None and (whole or not pause):
            await self._hear(unit, turn, given, found, profiles)
        else:
            first = since or received.message_id
            turn.held = first, answered_at(first, now(), timedelta() if whole else pause or USUAL_PAUSE)

    async def _started_by(self, unit: Unit, turn: Turn, heard: Heard, given: Input | None = None) -> Found | None:
        """What this message starts, or a whole that begins with it."""
        thread, ad = turn.thread, heard.referral
        asked = turn.session is None and await self.shelf.asks_for_first_messages(thread.workspace)
        occasion = Occasion(
            now=now(),
            first=asked and await is_first(unit, thread.workspace, thread.id, heard.message),
            ad=str(ad.get("source_id") or "") if ad is not None else None,
        )
        return await self.shelf.choose(thread.workspace, thread.contact, given or input_of(heard), occasion)

    async def _pause(self, turn: Turn, found: Version | None) -> timedelta:
        """How long the person has to pause where this conversation stands."""
        if turn.session is None or turn.version is None:
            return found.definition.quiet_at(found.definition.start) if found else timedelta()
        run = turn.session.waiting
        if run.flow is None:
            return turn.version.definition.quiet_at(run.node)
        inner = await self.shelf.named(turn.thread.workspace, run.flow, run.version)
        return inner.definition.quiet_at(run.node) if inner else timedelta()

    async def waits_for_pauses(self, turn: Turn) -> bool:
        """Whether what comes in fragments is one answer where this session stands."""
        return bool(await self._pause(turn, None))

    async def fragments(self, unit: Unit, thread: Thread, since: UUID | None) -> list[Heard]:
        """What the person wrote from this message or moment on, as far as they may mean it as an answer."""
        came = await heard_since(unit, self.people, thread, since) if since is not None else ()
        return [each for each in came if each.content.kind not in NOT_ANSWERS]

    async def _begin(self, received: MessageReceived) -> Turn:
        turn = Turn(received.thread, received.to)
        if received.session is not None:
            await self.restore(turn, received.session)
        return turn

    async def restore(self, turn: Turn, stored: StoredSession) -> None:
        """Put the stored session back where it stood. One that can't be read any more is over."""
        thread = turn.thread
        turn.stored = True
        turn.number = stored.version
        version = await self.shelf.version(thread.workspace, FlowId(stored.flow_id), stored.flow_version)
        keys = await self._directory.people.keys_of([(thread.workspace, thread.contact)])
        if version is None or thread.contact not in keys:
            return
        turn.version, turn.session_id, turn.effect = version, stored.id, stored.effect_id
        turn.timer_at, turn.began_with = stored.timer_at, stored.began_with
        key = keys[thread.contact]
        turn.session = turn.before = decode(sessions.STATE.unseal(key, thread.workspace, stored.id, stored.state))
        if stored.began_with is not None:
            began = stored.began_state
            before = sessions.BEGAN.unseal(key, thread.workspace, stored.id, began) if began is not None else None
            turn.before = decode(before) if before is not None else None

    async def hear(self, unit: Unit, turn: Turn, heard: Sequence[Heard], profiles: dict[UUID, Profile]) -> None:
        """Go on with the session, or start what this triggers; another flow's keyword interrupts a session.

        Several messages are fragments of one: what starts a flow may stand in any of them. While the session waits for
        an answer from outside, messages wait too: they are heard again after it.
        """
        whole = joined([input_of(each) for each in heard])
        found = None
        for each in heard:
            found = found or await self._started_by(unit, turn, each)
        if found is None and len(heard) > 1:
            found = await self._started_by(unit, turn, heard[0], whole)
        await self._hear(unit, turn, whole, found, profiles)

    async def _hear(
        self, unit: Unit, turn: Turn, given: Input, found: Found | None, profiles: dict[UUID, Profile]
    ) -> None:
        if turn.session is not None and turn.session.effect is not None:
            return
        if turn.session is not None and turn.version is not None:
            interrupted = interrupts(found, turn.version, given)
            why = Interrupted() if interrupted else MessageArrived(input=given)
            world = await self.worlds.of(unit, turn.thread, turn.version, turn.session, profiles)
            turn.resume(why, world)
            if not interrupted:
                return
        if found is None:
            return
        version, chosen = found
        if chosen.by not in EXPLICIT and read_keyword(given.text) is not None:
            return
        world = await self.worlds.of(unit, turn.thread, version, None, profiles)
        trigger = Trigger(reason=chosen.reason, input=given, language=chosen.language)
        turn.start(version, trigger, world)
        if chosen.by != "default" or chosen.lost:
            unit.record(triggered(turn.thread, version, chosen))
