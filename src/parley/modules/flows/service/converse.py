"""A message came: the waiting session goes on with it, or the flow that it triggers starts."""

from collections.abc import Sequence
from uuid import UUID

from parley.core.ids import FlowId, public
from parley.core.time import now
from parley.kit.unit import Unit
from parley.modules.contacts import Directory, Profile
from parley.modules.conversations import speaker
from parley.modules.conversations.events import MessageReceived, StoredSession
from parley.modules.flows.engine import (
    Chosen,
    Input,
    Interrupted,
    MessageArrived,
    Trigger,
    decode,
)
from parley.modules.flows.service.apply_sprint import Hands
from parley.modules.flows.service.shelf import Shelf, Version
from parley.modules.flows.service.turn import Turn
from parley.modules.flows.service.worlds import Worlds
from parley.modules.flows.store import sessions
from parley.modules.privacy import People, read_keyword

NOT_ANSWERS = frozenset(("reaction", "system", "unsupported", "unknown", "errors"))
"""Kinds that a person does not mean as an answer."""


class Conversing:
    """Answers messages with flows."""

    def __init__(self, directory: Directory, shelf: Shelf, hands: Hands) -> None:
        self._directory = directory
        self._shelf = shelf
        self._hands = hands
        self.worlds = Worlds(directory, shelf)

    @property
    def people(self) -> People:
        return self._directory.people

    async def answer(self, unit: Unit, received: Sequence[MessageReceived]) -> None:
        """One turn a conversation, its messages in their order; people's conversations are left to them."""
        heard = [each for each in received if _is_for_the_bot(each)]
        profiles: dict[UUID, Profile] = {}
        turns: dict[UUID, Turn] = {}
        for each in heard:
            turn = turns.get(each.thread.id)
            if turn is None:
                turn = turns[each.thread.id] = await self._begin(each)
            else:
                turn.to = each.to
            await self.hear(unit, turn, _input_of(each), profiles)
        spoken = [turn for turn in turns.values() if turn.sprints]
        if spoken:
            await self._hands.apply(unit, spoken)

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
        version = await self._shelf.version(thread.workspace, FlowId(stored.flow_id), stored.flow_version)
        keys = await self._directory.people.keys_of([(thread.workspace, thread.contact)])
        if version is None or thread.contact not in keys:
            return
        turn.version, turn.session_id, turn.effect = version, stored.id, stored.effect_id
        turn.timer_at = stored.timer_at
        state = sessions.STATE.unseal(keys[thread.contact], thread.workspace, stored.id, stored.state)
        turn.session = decode(state)

    async def hear(self, unit: Unit, turn: Turn, given: Input, profiles: dict[UUID, Profile]) -> None:
        """Go on with the session, or start what the message triggers; another flow's keyword interrupts a session.

        While the session waits for an answer from outside, messages wait too: they are heard again after it.
        """
        if turn.session is not None and turn.session.effect is not None:
            return
        found = await self._shelf.choose(turn.thread.workspace, turn.thread.contact, given)
        if turn.session is not None and turn.version is not None:
            interrupted = _interrupts(found, turn.version, given)
            why = Interrupted() if interrupted else MessageArrived(input=given)
            world = await self.worlds.of(unit, turn.thread, turn.version, turn.session, profiles)
            turn.resume(why, world)
            if not interrupted:
                return
        if found is None:
            return
        version, chosen = found
        if chosen.language is None and read_keyword(given.text) is not None:
            return
        world = await self.worlds.of(unit, turn.thread, version, None, profiles)
        trigger = Trigger(reason=chosen.reason, input=given, language=chosen.language)
        turn.start(version, trigger, world)


def _input_of(received: MessageReceived) -> Input:
    media = received.arrival.media
    arrival = received.arrival
    return Input.of(
        arrival.content,
        media.provider_id if media else None,
        message=public("msg", received.message_id),
        provider_id=arrival.provider_id,
    )


def _interrupts(found: tuple[Version, Chosen] | None, current: Version, given: Input) -> bool:
    """Whether a typed word is the keyword of another flow: then the person means that one, whatever was asked."""
    if found is None or given.payload is not None:
        return False
    version, chosen = found
    return chosen.language is not None and version.flow != current.flow


def _is_for_the_bot(received: MessageReceived) -> bool:
    return (
        received.is_live
        and speaker(received.thread, now()) == "bot"
        and received.arrival.content.kind not in NOT_ANSWERS
    )
