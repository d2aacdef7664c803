"""Sessions by request: started, looked at step by step, interrupted, resumed, begun anew."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from parley.core.errors import Conflict, NotFound, Refused
from parley.core.ids import ChannelId, ContactId, ConversationId, FlowId, public
from parley.core.json import JsonValue
from parley.core.time import now
from parley.kit.unit import Unit
from parley.modules.contacts import profiles_of
from parley.modules.conversations import Desk, Thread, address_in, lock_threads, speaker, thread_with
from parley.modules.flows.engine import Input, Interrupted, MessageArrived, Replayed, Resume, TimedOut, Trigger
from parley.modules.flows.events import FlowTriggered
from parley.modules.flows.service.apply_sprint import Hands
from parley.modules.flows.service.converse import Conversing
from parley.modules.flows.service.get_flow import held_flow
from parley.modules.flows.service.hearing import as_stored
from parley.modules.flows.service.replay import Replays
from parley.modules.flows.service.turn import Turn
from parley.modules.flows.service.waking import Call, Waking
from parley.modules.flows.store import sessions, sprints
from parley.modules.flows.store.sprints import SessionStands, Wanted

_NO_SUCH = "There is no such session in this workspace, or it began longer ago than the log goes back."


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A flow to start in a conversation, or with a contact by a channel. `replace`: also where another one waits."""

    flow: FlowId
    version: int | None = None
    conversation: ConversationId | None = None
    contact: ContactId | None = None
    channel: ChannelId | None = None
    variables: Mapping[str, JsonValue] = field(default_factory=dict)
    replace: bool = False
    reason: str = "by request"


class SessionDesk:
    """What the API asks of sessions."""

    def __init__(self, desk: Desk, conversing: Conversing, hands: Hands) -> None:
        self._desk = desk
        self._conversing = conversing
        self._hands = hands
        self._waking = Waking(conversing, hands)
        self._replays = Replays(conversing.people, conversing.shelf)

    async def get(self, unit: Unit, session: UUID) -> SessionStands:
        """Raises NotFound."""
        found = await sprints.page(unit, Wanted(session=session), None, 1)
        if not found:
            raise NotFound(_NO_SUCH)
        return found[0]

    async def steps(self, unit: Unit, session: UUID) -> list[Replayed]:
        """What came and what the bot did about it, sprint by sprint. Raises NotFound."""
        return await self._replays.steps(unit, session)

    async def interrupt(self, unit: Unit, session: UUID, outcome: str) -> SessionStands:
        """End a session without a word; one that is over stays as it is. Raises NotFound."""
        found = await self.get(unit, session)
        if found.waiting:
            await self._waking.wake(unit, [Call(conversation=found.conversation, came=Interrupted(outcome=outcome))])
        return await self.get(unit, session)

    async def resume(self, unit: Unit, session: UUID, words: str | None) -> SessionStands:
        """Go on as if the person had written these words; None: as if the time were up. Raises Conflict, Refused."""
        found = await self.get(unit, session)
        if not found.waiting:
            raise Conflict("The session is over; start its flow again.", code="session_over")
        await self._held(unit, found.conversation)
        came: Resume = TimedOut() if words is None else MessageArrived(input=Input(words))
        await self._waking.wake(unit, [Call(conversation=found.conversation, came=came)])
        return await self.get(unit, session)

    async def restart(self, unit: Unit, session: UUID) -> SessionStands:
        """End a session and begin its flow anew, on the version that is live. Raises NotFound, Conflict, Refused."""
        found = await self.get(unit, session)
        again = Start(flow=found.flow, conversation=found.conversation, replace=True, reason="restarted")
        return await self.start(unit, again)

    async def start(self, unit: Unit, wanted: Start) -> SessionStands:
        """The session, which may be over at once. Raises NotFound, Conflict, Refused, InvalidInput."""
        flow = await held_flow(unit, wanted.flow)
        number = wanted.version or flow.live_version
        if number is None:
            raise Conflict("The flow has no live version; publish one, or name a version.", code="not_live")
        thread = await self._thread(unit, wanted)
        version = await self._conversing.shelf.version(thread.workspace, wanted.flow, number)
        if version is None:
            raise NotFound(f"This flow has no version {number}.")
        profiles = await profiles_of(unit, self._conversing.people, [(thread.workspace, thread.contact)])
        turn = Turn(thread, address_in(profiles[thread.contact]))
        worlds = self._conversing.worlds
        for row in await sessions.of_conversations(unit, [thread.id]):
            if not wanted.replace:
                sentence = f"Session {public('ses', row.id)} waits in this conversation; give `replace` to end it."
                raise Conflict(sentence, code="session_waiting")
            await self._conversing.restore(turn, as_stored(row))
            if turn.session is not None and turn.version is not None:
                turn.resume(Interrupted(), await worlds.of(unit, thread, turn.version, turn.session, profiles))
        world = await worlds.of(unit, thread, version, None, profiles)
        turn.start(version, Trigger(reason=wanted.reason, variables=wanted.variables), world)
        began = turn.sprints[-1].session
        await self._hands.apply(unit, [turn])
        unit.record(
            FlowTriggered(
                workspace=thread.workspace,
                at=now(),
                contact=thread.contact,
                conversation=thread.id,
                subject=wanted.flow,
                detail={"by": "request", "reason": wanted.reason, "version": number, "lost": []},
            )
        )
        return await self.get(unit, began)

    async def _thread(self, unit: Unit, wanted: Start) -> Thread:
        if wanted.conversation is not None:
            return await self._held(unit, wanted.conversation)
        if wanted.contact is None:
            raise ValueError("A flow is started in a conversation or with a contact.")
        return _for_the_bot(await thread_with(unit, self._desk, wanted.contact, wanted.channel))

    async def _held(self, unit: Unit, conversation: ConversationId) -> Thread:
        """The conversation, its row held. Raises NotFound, Refused where the bot has not the floor."""
        for thread in await lock_threads(unit, [conversation]):
            return _for_the_bot(thread)
        raise NotFound("There is no such conversation in this workspace.")


def _for_the_bot(thread: Thread) -> Thread:
    if speaker(thread, now()) != "bot":
        raise Refused("A person has the floor here; give it back to the bot first.", code="bot_has_not_the_floor")
    return thread
