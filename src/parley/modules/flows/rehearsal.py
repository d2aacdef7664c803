"""A session without a platform: the engine, a made-up customer, a clock that is moved. Nothing leaves it.

What a flow does to the contact is remembered here, so that it can read it again; what it asks of the world waits until
somebody answers.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import msgspec
from msgspec.structs import replace

from parley.core.content import Content
from parley.core.json import JsonObject, JsonValue
from parley.modules.flows.engine import (
    WHATSAPP,
    Answer,
    Channel,
    ContactView,
    Definition,
    EffectAnswered,
    Flows,
    Input,
    MessageArrived,
    Pause,
    Resume,
    Session,
    Sprint,
    SprintEvent,
    StillWaiting,
    Trigger,
    WaitForEffect,
    World,
    choose,
    decode,
    encode,
    resume,
    start,
    triggers_of,
)
from parley.modules.flows.engine.events.contact import FieldSet, LanguageSet, TagSet
from parley.modules.flows.engine.events.course import FlowEnded, RunEntered, StepTaken
from parley.modules.flows.engine.events.saying import Say

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""A Monday: when it is, where nobody says otherwise."""
ADA = ContactView(id="con_ada", name="Ada", phone="+15550001111", language="en")
"""Who speaks, where nobody says otherwise."""

Passed = dict[str, set[tuple[str, str]]]
"""By flow: the nodes that were left, and by which exits."""


class Rehearsal:
    """One conversation with a flow, from its first message to its end."""

    def __init__(
        self,
        definition: Definition,
        contact: ContactView = ADA,
        others: Sequence[Definition] = (),
        channel: Channel = WHATSAPP,
    ) -> None:
        self.definition = definition
        self.flows = Flows(
            live={each.id: each for each in others}, pinned={(each.id, each.version): each for each in others}
        )
        self.contact = contact
        self.channel = channel
        self.now = NOON
        self.seed = 0
        self.session: Session | None = None
        self.wait: Pause | None = None
        self.outcome: str | None = None
        self.said: list[Content] = []
        self.taps: list[Input] = []
        self.passed: Passed = {}
        self.stood: dict[str, set[str]] = {}
        """By flow: the nodes that were waited at."""
        self._runs: dict[int, str] = {1: definition.id}

    def hear(self, received: Input) -> Sprint:
        """The customer writes: the session begins, or goes on."""
        if self.session is None:
            chosen = choose([triggers_of(self.definition)], received)
            language = chosen.language if chosen else None
            return self.begin(Trigger(reason="rehearsal", input=received, language=language))
        return self.go_on(MessageArrived(input=received))

    def begin(self, trigger: Trigger) -> Sprint:
        """The session begins, for whatever reason."""
        return self._take(start(self.definition, trigger, self._world()))

    def answer(self, result: Answer) -> Sprint:
        """The world answers what is waited for. Raises ValueError when nothing is."""
        asked = self.wait.id if isinstance(self.wait, WaitForEffect) else None
        if asked is None:
            raise ValueError("The flow asked nothing of the world.")
        return self.go_on(EffectAnswered(effect_id=asked, result=result))

    def go_on(self, came: Resume) -> Sprint:
        """Something came. Raises ValueError when there is no session to go on with."""
        if self.session is None:
            raise ValueError("The conversation is over already.")
        return self._take(resume(self.definition, decode(encode(self.session)), came, self._world()))

    def _world(self) -> World:
        return World(
            now=self.now,
            contact=self.contact,
            conversation_id="cnv_1",
            channel_id="chn_1",
            seed=self.seed,
            channel=self.channel,
            flows=self.flows,
        )

    def _take(self, sprint: Sprint) -> Sprint:
        self.session = sprint.session
        if not isinstance(sprint.wait, StillWaiting):
            self.wait = sprint.wait
        for event in sprint.events:
            self._remember(event)
        if self.session is not None:
            waiting = self.session.waiting
            self.stood.setdefault(waiting.flow or self.definition.id, set()).add(waiting.node)
        return sprint

    def _remember(self, event: SprintEvent) -> None:
        match event:
            case Say(content=content):
                self.said.append(content)
                self.taps = taps(content)
            case FieldSet(name=name, value=value):
                self.contact = replace(self.contact, fields={**self.contact.fields, name: value})
            case LanguageSet(language=language):
                self.contact = replace(self.contact, language=language)
            case TagSet(name=name, present=present):
                others = self.contact.tags - {name}
                self.contact = replace(self.contact, tags=others | {name} if present else others)
            case RunEntered(run=run, flow=flow):
                self._runs[run] = flow
            case StepTaken(node=node, exit=exit_, run=run):
                self.passed.setdefault(self._runs.get(run, self.definition.id), set()).add((node, exit_))
            case FlowEnded(outcome=outcome):
                self.outcome = outcome


def taps(content: Content) -> list[Input]:
    """What a customer can tap in a message, as the inputs that the taps would be."""
    action = content.body.get("action")
    if content.kind != "interactive" or not isinstance(action, Mapping):
        return []
    replies = [button.get("reply") for button in _objects(action.get("buttons"))]
    rows = [row for section in _objects(action.get("sections")) for row in _objects(section.get("rows"))]
    shown = [reply for reply in [*replies, *rows] if isinstance(reply, Mapping)]
    return [Input(str(each.get("title")), str(each.get("id")), "interactive") for each in shown]


def contact_of(written: JsonObject) -> ContactView:
    """Ada, with what is written of her. Raises msgspec.ValidationError."""
    return msgspec.convert({**msgspec.to_builtins(ADA), **written}, ContactView)


def _objects(value: JsonValue) -> list[JsonObject]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
