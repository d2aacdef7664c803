"""Turn sprints into rows: what was said, set, handed over; the session to keep; the wait that holds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import msgspec
import structlog

from parley.core.events import Event
from parley.core.ids import ConversationId, WorkspaceId, new_uuid
from parley.core.json import JsonObject, JsonValue
from parley.core.time import now
from parley.kit.unit import Unit
from parley.modules.contacts import Directory, Edit, edit_contacts
from parley.modules.conversations import Draft, Speaker, Thread, hand_over
from parley.modules.flows import store
from parley.modules.flows.engine import (
    FieldSet,
    FlowEnded,
    HandedOver,
    LanguageSet,
    LimitHit,
    NodeFailed,
    Say,
    Session,
    Sprint,
    StillWaiting,
    WaitForEffect,
    WaitForMessage,
    encode,
)
from parley.modules.flows.events import FlowCompleted, FlowStumbled
from parley.modules.flows.service.shelf import Version

log = structlog.get_logger("parley.flows")


@dataclass(slots=True)
class Turn:
    """One conversation's turn: where it stands and everything its sprints brought, in order."""

    thread: Thread
    to: dict[str, str]
    version: Version | None = None
    session_id: UUID | None = None
    session: Session | None = None
    number: int = 0
    """The stored session's version number."""
    stored: bool = False
    effect: UUID | None = None
    timer_at: datetime | None = None
    sprints: list[tuple[Version, Sprint]] = field(default_factory=list)

    def interrupt(self) -> None:
        """The session is over, for the person turned to something else."""
        if self.version is not None:
            self.sprints.append((self.version, Sprint((FlowEnded("interrupted"),), None, None)))
        self.session = self.session_id = self.effect = self.timer_at = None

    def take(self, version: Version, sprint: Sprint) -> None:
        """The session goes on from here."""
        self.sprints.append((version, sprint))
        self.version = version
        self.session = sprint.session
        if sprint.session is not None and self.session_id is None:
            self.session_id = new_uuid()
        if sprint.session is None:
            self.session_id = None


class Hands:
    """Carries sprints out, many conversations in one go."""

    def __init__(self, directory: Directory, speaker: Speaker) -> None:
        self._directory = directory
        self._speaker = speaker

    async def apply(self, unit: Unit, turns: Sequence[Turn]) -> None:
        """Write everything the turns brought. A hand-over is last, so that its words are still the bot's."""
        drafts = [draft for turn in turns for draft in _drafts(turn)]
        if drafts:
            await self._speaker.say(unit, drafts)
        await self._edit_contacts(unit, turns)
        for turn in turns:
            _record(unit, turn)
        handed = [(turn.thread, each) for turn in turns for each in _handed_over(turn)]
        if handed:
            await hand_over(unit, [thread for thread, _ in handed])
        await self._keep_sessions(unit, turns)

    async def _edit_contacts(self, unit: Unit, turns: Sequence[Turn]) -> None:
        edits = [edit for turn in turns for event in _events(turn) if (edit := _edit(turn, event)) is not None]
        for outcome in await edit_contacts(unit, self._directory, edits):
            if outcome.faults:
                codes = ",".join(each.code for each in outcome.faults)
                log.info("A flow gave a contact what does not fit.", action="edit_misfit", codes=codes)

    async def _keep_sessions(self, unit: Unit, turns: Sequence[Turn]) -> None:
        kept: list[store.SessionRow] = []
        ended: list[tuple[WorkspaceId, ConversationId]] = []
        effects: list[tuple[store.EffectRow, datetime]] = []
        for turn in turns:
            if turn.session is None:
                if turn.stored:
                    ended.append((turn.thread.workspace, turn.thread.id))
                continue
            effect = self._wait(turn)
            if effect is not None:
                effects.append((effect, now()))
            kept.append(self._row(turn, turn.session, turn.sprints[-1][0]))
        if ended:
            await store.end_sessions(unit, ended)
        if kept:
            await store.save_sessions(unit, kept)
        if effects:
            await store.add_effects(unit, effects)
            unit.wake("effects")

    def _wait(self, turn: Turn) -> store.EffectRow | None:
        """Note the wait that holds now; the effect to be done, if it is for one."""
        wait = turn.sprints[-1][1].wait
        match wait:
            case StillWaiting() | None:
                return None
            case WaitForMessage(timeout_at=at):
                turn.effect, turn.timer_at = None, at
                return None
            case WaitForEffect(effect=asked, deadline=deadline):
                turn.effect, turn.timer_at = new_uuid(), deadline
                thread, key = turn.thread, self._directory.people.held_key(turn.thread.contact)
                body = store.EffectBody(
                    asked.id, asked.method, asked.url, dict(asked.headers), asked.body, asked.timeout
                )
                sealed = store.EFFECT.seal(key, thread.workspace, turn.effect, body)
                return store.EffectRow(thread.workspace, turn.effect, thread.id, thread.contact, deadline, sealed)

    def _row(self, turn: Turn, session: Session, version: Version) -> store.SessionRow:
        thread, session_id = turn.thread, turn.session_id or new_uuid()
        key = self._directory.people.held_key(thread.contact)
        return store.SessionRow(
            workspace=thread.workspace,
            conversation=thread.id,
            contact=thread.contact,
            id=session_id,
            flow=version.flow,
            flow_version=version.number,
            version=turn.number + 1,
            effect=turn.effect,
            timer_at=turn.timer_at,
            state=store.STATE.seal(key, thread.workspace, session_id, encode(session)),
        )


def _edit(turn: Turn, event: object) -> Edit | None:
    """What an event changes of the contact; None for one that changes nothing of them."""
    match event:
        case FieldSet(name=name, value=value):
            fields = {name: value if value is None else _as_value(value)}
            return Edit(workspace=turn.thread.workspace, contact=turn.thread.contact, fields=fields)
        case LanguageSet(language=language):
            return Edit(workspace=turn.thread.workspace, contact=turn.thread.contact, language=language)
    return None


def _as_value(value: JsonValue) -> JsonValue:
    """A field's value as contacts keep it: plain as it is, lists and objects as JSON text."""
    return value if isinstance(value, str | int | float | bool) else msgspec.json.encode(value).decode()


def _events(turn: Turn) -> list[object]:
    return [event for _, sprint in turn.sprints for event in sprint.events]


def _drafts(turn: Turn) -> list[Draft]:
    return [
        Draft(thread=turn.thread, content=event.content, to=turn.to)
        for event in _events(turn)
        if isinstance(event, Say)
    ]


def _handed_over(turn: Turn) -> list[HandedOver]:
    return [event for event in _events(turn) if isinstance(event, HandedOver)]


def _record(unit: Unit, turn: Turn) -> None:
    for version, sprint in turn.sprints:
        for event in sprint.events:
            match event:
                case FlowEnded(outcome=outcome):
                    unit.record(_fact(FlowCompleted, turn, version, {"outcome": outcome}))
                case LimitHit(limit=limit, sentence=sentence):
                    unit.record(_fact(FlowStumbled, turn, version, {"limit": limit, "sentence": sentence}))
                case NodeFailed(node=node):
                    unit.record(_fact(FlowStumbled, turn, version, {"node": node}))


def _fact(kind: type[Event], turn: Turn, version: Version, detail: JsonObject) -> Event:
    return kind(
        workspace=turn.thread.workspace,
        at=now(),
        contact=turn.thread.contact,
        conversation=turn.thread.id,
        subject=version.flow,
        detail={**detail, "version": version.number},
    )
