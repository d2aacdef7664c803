"""The working state of one sprint: what nodes read, and what they leave behind. Nothing in it outlives the sprint."""

from collections.abc import Mapping
from datetime import date, timedelta

import msgspec

from parley.core.content import Content
from parley.core.json import JsonValue
from parley.core.text import shorten
from parley.modules.flows.engine import limits
from parley.modules.flows.engine.chance import draw
from parley.modules.flows.engine.channel import Channel
from parley.modules.flows.engine.effect import Effect
from parley.modules.flows.engine.event import SprintEvent
from parley.modules.flows.engine.events.contact import FieldSet, LanguageSet, TagSet
from parley.modules.flows.engine.events.saying import Say
from parley.modules.flows.engine.events.trouble import LimitHit, NodeFailed
from parley.modules.flows.engine.fields import Timeout, length
from parley.modules.flows.engine.library import Library
from parley.modules.flows.engine.running import Running
from parley.modules.flows.engine.scope import scope_of
from parley.modules.flows.engine.session import Session, Spent
from parley.modules.flows.engine.steps import WaitForEffect, WaitForMessage
from parley.modules.flows.engine.templates import find
from parley.modules.flows.engine.words import clean
from parley.modules.flows.engine.world import Input, World

NOTHING = Input()


class Turn:
    """One sprint at work. `run` is the run that has it now; `attempts` and `notes` belong to that run's node."""

    __slots__ = (
        "entered",
        "events",
        "fields",
        "input",
        "language",
        "messages",
        "run",
        "runs",
        "scope",
        "session",
        "session_variables",
        "spent",
        "steps",
        "tags",
        "world",
    )

    def __init__(self, world: World, session: Session, runs: list[Running], received: Input | None) -> None:
        self.world = world
        self.session = session
        self.runs = runs
        self.run = runs[-1]
        self.input = received
        self.language = world.contact.language or self.run.definition.library.language
        self.fields: dict[str, object] = dict(world.contact.fields)
        self.tags = set(world.contact.tags)
        self.session_variables: dict[str, object] = dict(session.variables)
        self.entered = session.entered
        self.spent = session.spent
        self.events: list[SprintEvent] = []
        self.steps = 0
        self.messages = 0
        self.scope = scope_of(self)

    def push(self, run: Running) -> None:
        """A run begins inside this one."""
        self.runs.append(run)
        self._give_to(run)

    def pop(self) -> Running:
        """The run that has the turn is over; its parent, if there is one, has it now."""
        over = self.runs.pop()
        if self.runs:
            self._give_to(self.runs[-1])
        return over

    def _give_to(self, run: Running) -> None:
        self.run = run
        self.scope = scope_of(self)

    @property
    def library(self) -> Library:
        """What was prepared of the run's definition."""
        return self.run.definition.library

    @property
    def node(self) -> str:
        """The node that has the turn."""
        return self.run.node

    @property
    def attempts(self) -> int:
        """Answers that the node has refused so far."""
        return self.run.attempts

    @attempts.setter
    def attempts(self, count: int) -> None:
        self.run.attempts = count

    @property
    def variables(self) -> dict[str, object]:
        """What `{{ vars.name }}` shows."""
        return self.run.variables

    @property
    def channel(self) -> Channel:
        """What can be shown where this session speaks."""
        return self.world.channel

    def today(self) -> date:
        """The day it is where the flow lives."""
        return self.world.now.astimezone(self.library.zone).date()

    def chance(self) -> float:
        """A number from 0 up to 1, another one at each step of each sprint."""
        return draw(self.world.seed, self.session.sprints, self.steps)

    def token(self) -> str:
        """A name for this step of this conversation, to be recognised by when something comes back to it."""
        return f"{self.world.conversation_id}.{self.session.sprints}.{self.steps}"

    def text(self, source: str, limit: int = limits.TEXT_CHARACTERS) -> str:
        """An authored text with its values, cut at `limit` characters. Raises TemplateFailed."""
        template = self.library.templates.get(source)
        text = source if template is None else clean(template.text(self.scope))
        if len(text) <= limit:
            return text
        self.limit("TEXT_CHARACTERS", f"The text of {self.node!r} had {len(text)} characters; it was cut to {limit}.")
        return shorten(text, limit)

    def address(self, source: str) -> str:
        """An authored URL; the values in it are percent-encoded. Raises TemplateFailed."""
        template = self.library.templates.get(source)
        return source if template is None else clean(template.address(self.scope)).strip()

    def value(self, source: JsonValue) -> JsonValue:
        """An authored JSON value with its texts filled in; `{{ vars.count }}` alone stays a number."""
        if isinstance(source, str):
            template = self.library.templates.get(source)
            found = source if template is None else template.value(self.scope)
            return clean(found) if isinstance(found, str) else found
        if isinstance(source, Mapping):
            return {name: self.value(item) for name, item in source.items()}
        if isinstance(source, list | tuple):
            return [self.value(item) for item in source]
        return source

    def known(self, place: str) -> JsonValue:
        """What stands at a place such as `order`, `vars.order` or `fields.city`."""
        return find(self.scope, tuple(place.split(".")) if "." in place else ("vars", place))

    def say(self, content: Content) -> None:
        """Speak, as long as this sprint has not said too much already."""
        self.messages += 1
        if self.messages <= limits.MESSAGES_PER_SPRINT:
            self.events.append(Say(content, self.node))
        elif self.messages == limits.MESSAGES_PER_SPRINT + 1:
            most = limits.MESSAGES_PER_SPRINT
            self.limit("MESSAGES_PER_SPRINT", f"More than {most} messages without an answer; the rest was not sent.")

    def say_text(self, source: str, after: str = "") -> None:
        """Speak these words; `after` follows them as it is. Empty words are told to the author, not to the customer."""
        words = (self.text(source) + after).strip()
        if words:
            self.say(Content("text", {"body": shorten(words, limits.TEXT_CHARACTERS)}))
        else:
            self.failed("The text came out empty, so nothing was said. Is a value missing? Add `| default: '…'`.")

    def save(self, place: str | None, value: JsonValue) -> None:
        """Keep a value in a variable or, for `fields.…`, at the contact. None takes it away."""
        if place is None:
            return
        room, _, name = place.rpartition(".")
        if not self.fits(value, repr(place)):
            return
        if room == "fields":
            self.fields[name] = value
            self.events.append(FieldSet(name, value))
        else:
            self._keep(self.session_variables if room == "session" else self.variables, name, value)

    def fits(self, value: JsonValue, what: str) -> bool:
        """Whether a value is small enough to be kept or told; where it is not, the author is told."""
        if len(msgspec.json.encode(value)) <= limits.VALUE_BYTES:
            return True
        self.limit("VALUE_BYTES", f"{what} may hold {limits.VALUE_BYTES} bytes; the value was not kept.")
        return False

    def _keep(self, variables: dict[str, object], name: str, value: JsonValue) -> None:
        before = variables.pop(name, None)
        if value is None:
            return
        variables[name] = value
        if len(msgspec.json.encode(variables)) > limits.VARIABLES_BYTES:
            variables[name] = before
            most = limits.VARIABLES_BYTES
            self.limit("VARIABLES_BYTES", f"All variables together may hold {most} bytes; {name!r} was not kept.")

    def set_language(self, language: str) -> None:
        """Choose the contact's language from here on."""
        self.language = language
        self.scope = scope_of(self)
        self.events.append(LanguageSet(language))

    def set_tag(self, name: str, *, present: bool) -> None:
        """Tag the contact, or take a tag away; nothing happens where it is so already, or has no name."""
        name = name.strip()[: limits.TAG_CHARACTERS]
        if not name or (name in self.tags) == present:
            return
        (self.tags.add if present else self.tags.discard)(name)
        self.events.append(TagSet(name, present))

    def wait(self, timeout: Timeout | None) -> WaitForMessage:
        """The customer's turn, until the author's time-out or the flow's patience ends."""
        patience = self.library.expires if timeout is None else length(timeout.after)
        return WaitForMessage(until=self.world.now + patience)

    def ask_world(self, effect: Effect) -> WaitForEffect:
        """The world's turn: the host does this and brings the answer."""
        patience = timedelta(seconds=effect.timeout + effect.grace)
        return WaitForEffect(id=f"{self.session.sprints}.{self.steps}", effect=effect, until=self.world.now + patience)

    def spend(self, tokens: int, cost: int) -> None:
        """Count a request to a language model."""
        self.spent = Spent(self.spent.calls + 1, self.spent.tokens + tokens, self.spent.cost + cost)

    def failed(self, sentence: str) -> None:
        """Tell the author that this node could not do its work."""
        self.events.append(NodeFailed(self.node, sentence))

    def limit(self, name: str, sentence: str) -> None:
        """Tell the author that a limit held."""
        self.events.append(LimitHit(name, sentence))
