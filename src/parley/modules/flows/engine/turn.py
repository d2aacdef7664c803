"""The working state of one sprint: what nodes read, and what they leave behind. Nothing in it outlives the sprint."""

from collections.abc import Mapping
from datetime import date

import msgspec

from parley.core.content import Content
from parley.core.json import JsonValue
from parley.core.text import shorten
from parley.modules.flows.engine import limits
from parley.modules.flows.engine.events import FieldSet, LanguageSet, LimitHit, NodeFailed, Say, SprintEvent
from parley.modules.flows.engine.fields import Timeout, length
from parley.modules.flows.engine.library import Library
from parley.modules.flows.engine.session import Session
from parley.modules.flows.engine.steps import WaitForMessage
from parley.modules.flows.engine.templates import find
from parley.modules.flows.engine.words import clean
from parley.modules.flows.engine.world import Input, World

NOTHING = Input()


class Turn:
    """One sprint at work. `node` and `attempts` belong to the node that has it now."""

    __slots__ = (
        "attempts",
        "events",
        "fields",
        "input",
        "language",
        "library",
        "messages",
        "node",
        "scope",
        "session",
        "steps",
        "variables",
        "world",
    )

    def __init__(self, library: Library, world: World, session: Session, received: Input | None) -> None:
        self.library = library
        self.world = world
        self.session = session
        self.node = session.node
        self.attempts = session.attempts
        self.input = received
        self.language = world.contact.language or library.language
        self.fields: dict[str, JsonValue] = dict(world.contact.fields)
        self.variables: dict[str, object] = dict(session.variables)
        self.events: list[SprintEvent] = []
        self.steps = 0
        self.messages = 0
        self.scope = self._scope()

    def _scope(self) -> dict[str, object]:
        contact, world, received = self.world.contact, self.world, self.input or NOTHING
        now = world.now.astimezone(self.library.zone).isoformat(timespec="seconds")
        return {
            "input": {"text": received.text, "payload": received.payload, "kind": received.kind},
            "contact": {
                "id": contact.id,
                "name": contact.name,
                "phone": contact.phone,
                "language": self.language,
            },
            "fields": self.fields,
            "vars": self.variables,
            "settings": self.library.settings,
            "flow": self.library.flow,
            "conversation": {"id": world.conversation_id, "channel_id": world.channel_id},
            "now": now,
            "today": now[:10],
        }

    def today(self) -> date:
        """The day it is where the flow lives."""
        return self.world.now.astimezone(self.library.zone).date()

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
        if len(msgspec.json.encode(value)) > limits.VALUE_BYTES:
            self.limit("VALUE_BYTES", f"{place!r} may hold {limits.VALUE_BYTES} bytes; the value was not kept.")
        elif room == "fields":
            self.fields[name] = value
            self.events.append(FieldSet(name, value))
        else:
            self._set_variable(name, value)

    def _set_variable(self, name: str, value: JsonValue) -> None:
        before = self.variables.pop(name, None)
        if value is None:
            return
        self.variables[name] = value
        if len(msgspec.json.encode(self.variables)) > limits.VARIABLES_BYTES:
            self.variables[name] = before
            most = limits.VARIABLES_BYTES
            self.limit("VARIABLES_BYTES", f"All variables together may hold {most} bytes; {name!r} was not kept.")

    def set_language(self, language: str) -> None:
        """Choose the contact's language from here on."""
        self.language = language
        self.scope["contact"] = {**self._contact(), "language": language}
        self.events.append(LanguageSet(language))

    def _contact(self) -> dict[str, object]:
        contact = self.scope["contact"]
        return contact if isinstance(contact, dict) else {}

    def wait(self, timeout: Timeout | None) -> WaitForMessage:
        """The customer's turn, until the author's time-out or the flow's patience ends."""
        patience = self.library.expires if timeout is None else length(timeout.after)
        return WaitForMessage(timeout_at=self.world.now + patience)

    def failed(self, sentence: str) -> None:
        """Tell the author that this node could not do its work."""
        self.events.append(NodeFailed(self.node, sentence))

    def limit(self, name: str, sentence: str) -> None:
        """Tell the author that a limit held."""
        self.events.append(LimitHit(name, sentence))
