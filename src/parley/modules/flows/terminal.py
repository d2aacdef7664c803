"""A flow in the terminal: the same engine, with the keyboard as the customer."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from parley.core import time
from parley.core.content import Content
from parley.core.json import JsonObject, JsonValue
from parley.modules.flows.engine import (
    Answer,
    ContactView,
    Definition,
    Effect,
    EffectAnswered,
    Input,
    MessageArrived,
    Resume,
    Session,
    Sprint,
    SprintEvent,
    StillWaiting,
    TimedOut,
    Trigger,
    WaitForEffect,
    World,
    resume,
    start,
)
from parley.modules.flows.engine.events.contact import FieldSet, LanguageSet, TagSet
from parley.modules.flows.engine.events.course import FlowEnded
from parley.modules.flows.engine.events.saying import Say

HELP = (
    "Write as the customer would; a number taps a button. "
    "/timeout lets the time run out, /vars shows what is kept, /quit ends."
)

ReadLine = Callable[[], str | None]
"""The next line without its end; None when there is no more."""
WriteLine = Callable[[str], None]
Perform = Callable[[Effect], Answer]


def converse(definition: Definition, read_line: ReadLine, write_line: WriteLine, perform: Perform) -> str | None:
    """Talk to a flow until it ends; the outcome, or None when the talk was broken off."""
    write_line(f"{definition.name}. {HELP}")
    conversation = _Conversation(definition, write_line, perform)
    while conversation.outcome is None:
        line = read_line()
        if line is None or line.strip() == "/quit":
            return None
        conversation.hear(line.strip())
    return conversation.outcome


class _Conversation:
    """One talk: the state between two lines."""

    def __init__(self, definition: Definition, write_line: WriteLine, perform: Perform) -> None:
        self.definition = definition
        self.write_line = write_line
        self.perform = perform
        self.contact = ContactView(id="con_terminal", name="Ada", phone="+15550001111", fields={})
        self.session: Session | None = None
        self.ends_at: datetime | None = None
        self.ahead = timedelta()
        self.taps: list[Input] = []
        self.outcome: str | None = None

    def hear(self, line: str) -> None:
        """One line of the customer, or a command."""
        if line == "/vars":
            self.write_line(f"  vars: {self.session.variables if self.session else {}}  fields: {self.contact.fields}")
        elif line == "/timeout":
            self._run_out()
        elif line.startswith("/"):
            self.write_line(f"  {HELP}")
        elif self.session is None:
            self._take(start(self.definition, Trigger(reason="terminal", input=Input(line)), self._world()))
        else:
            self._resume(self.session, MessageArrived(input=self._meant(line)))

    def _run_out(self) -> None:
        if self.session is None or self.ends_at is None:
            self.write_line("  Nothing waits yet: write something first.")
            return
        self.ahead += max(timedelta(), self.ends_at - self._now())
        self._resume(self.session, TimedOut())

    def _meant(self, line: str) -> Input:
        """A number taps what was shown under it; everything else is typed."""
        number = int(line) if line.isdecimal() and len(line) < len("100") else 0
        return self.taps[number - 1] if 1 <= number <= len(self.taps) else Input(line)

    def _now(self) -> datetime:
        return time.now() + self.ahead

    def _world(self) -> World:
        return World(now=self._now(), contact=self.contact, conversation_id="cnv_terminal", channel_id="chn_terminal")

    def _resume(self, session: Session, came: Resume) -> None:
        self._take(resume(self.definition, session, came, self._world()))

    def _take(self, sprint: Sprint) -> None:
        """Show a sprint, and make the requests that it asks for, until it waits for the customer or is over."""
        self._show(sprint)
        while isinstance(sprint.wait, WaitForEffect) and sprint.session is not None:
            asked = sprint.wait
            answer = EffectAnswered(effect_id=asked.id, result=self.perform(asked.effect))
            sprint = resume(self.definition, sprint.session, answer, self._world())
            self._show(sprint)
        self.session = sprint.session
        if not isinstance(sprint.wait, StillWaiting):
            self.ends_at = sprint.wait.until if sprint.wait else None

    def _show(self, sprint: Sprint) -> None:
        for event in sprint.events:
            self._remember(event)
            for line in describe(event):
                self.write_line(line)

    def _remember(self, event: SprintEvent) -> None:
        if isinstance(event, Say):
            self.taps = taps(event.content)
        elif isinstance(event, FieldSet):
            self.contact = replace(self.contact, fields={**self.contact.fields, event.name: event.value})
        elif isinstance(event, LanguageSet):
            self.contact = replace(self.contact, language=event.language)
        elif isinstance(event, TagSet):
            others = self.contact.tags - {event.name}
            self.contact = replace(self.contact, tags=others | {event.name} if event.present else others)
        elif isinstance(event, FlowEnded):
            self.outcome = event.outcome


def describe(event: SprintEvent) -> list[str]:
    """An event in lines for people: what the bot says as it would look, everything else indented."""
    if isinstance(event, Say):
        return show(event.content)
    told = event.told()
    return [] if told is None else [f"  [{told}]"]


def show(content: Content) -> list[str]:
    """A message as lines: words, then what can be tapped, numbered."""
    words = content.text
    lines = words.splitlines() if words is not None else [f"({content.kind}) {dict(content.body)}"]
    shown = [f"bot> {lines[0] if lines else ''}", *[f"     {line}" for line in lines[1:]]]
    return shown + [f"     [{number}] {tap.text}" for number, tap in enumerate(taps(content), 1)]


def taps(content: Content) -> list[Input]:
    """What a customer can tap in a message, as the inputs that the taps would be."""
    action = content.body.get("action")
    if content.kind != "interactive" or not isinstance(action, Mapping):
        return []
    replies = [button.get("reply") for button in _objects(action.get("buttons"))]
    rows = [row for section in _objects(action.get("sections")) for row in _objects(section.get("rows"))]
    shown = [reply for reply in [*replies, *rows] if isinstance(reply, Mapping)]
    return [Input(str(each.get("title")), str(each.get("id")), "interactive") for each in shown]


def _objects(value: JsonValue) -> list[JsonObject]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
