"""Find contact: look somebody else up."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from parley.core.json import JsonValue
from parley.modules.flows.engine.effect import EffectFailed
from parley.modules.flows.engine.effects.contact import ContactAnswer, FindContactEffect
from parley.modules.flows.engine.fields import Finding, Name, Place, Target, Text, warning
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.steps import Leave, Step
from parley.modules.flows.engine.turn import Turn
from parley.modules.flows.engine.words import find_phone
from parley.modules.flows.engine.world import EffectAnswered, Resume, Returned

SECONDS = 5
"""A look into our own database: longer, and it is away."""


class FindContact(Node, frozen=True, kw_only=True, tag="find_contact"):
    """Looks another contact up, by `phone` or by the value of a field. `save` keeps id, name, phone, language, fields.

    The newest that fits leaves by `next`, nobody by `none`.

    Example:
        nodes:
          start:
            type: find_contact
            field: member
            equals: "{{ input.text }}"
            save: friend
            next: hello
            none: nobody
          hello: {type: message, text: "{{ vars.friend.name }} lives in {{ vars.friend.fields.city }}."}
          nobody: {type: message, text: Nobody has that number.}
        talk:
          - customer: "4711"
          - find_contact: {field: member, value: "4711"}
            answers: {contact: {id: con_1, name: Grace, phone: null, language: en, fields: {city: Rome}}}
          - bot: Grace lives in Rome.
    """

    group: ClassVar[Group] = "keep"

    phone: Annotated[Text | None, Meta(description="A phone number with its country code.")] = None
    field: Annotated[Name | None, Meta(description="A field of contacts that can be searched.")] = None
    equals: Annotated[Text | None, Meta(description="The field's value.")] = None
    save: Place
    next: Target | None = None
    none: Annotated[Target | None, Meta(description="Where to go when there is nobody.")] = None
    failed: Target | None = None

    def __post_init__(self) -> None:
        if (self.phone is None) == (self.field is None) or (self.field is None) != (self.equals is None):
            raise ValueError("Write either `phone`, or `field` and `equals`")

    def enter(self, turn: Turn) -> Step:
        if self.phone is not None:
            number = find_phone(turn.text(self.phone))
            if number is None:
                return Leave("none")
            return turn.ask_world(FindContactEffect(phone=number, timeout=SECONDS))
        value: JsonValue = turn.value(self.equals or "")
        if value is None or value == "":
            return Leave("none")
        return turn.ask_world(FindContactEffect(field=self.field, value=value, timeout=SECONDS))

    def resume(self, turn: Turn, resume: Resume | Returned) -> Step:
        result = resume.result if isinstance(resume, EffectAnswered) else None
        if not isinstance(result, ContactAnswer):
            turn.failed(result.reason if isinstance(result, EffectFailed) else "No answer came in time.")
            return Leave("failed")
        if result.contact is None:
            return Leave("none")
        turn.save(self.save, msgspec.to_builtins(result.contact))
        return Leave()

    def exits(self) -> dict[str, str | None]:
        return {"next": self.next, "none": self.none, "failed": self.failed}

    def inspect(self) -> Iterator[Finding]:
        if self.none is None:
            yield warning("/none", "no_way_out", "There may be nobody: say where to go then, else it ends.")
