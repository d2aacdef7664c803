"""Set: keep values for this conversation or for the contact."""

from typing import Annotated, ClassVar

from msgspec import Meta

from parley.core.json import JsonValue
from parley.modules.flows.engine.fields import Name, Target
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.steps import Leave, Step
from parley.modules.flows.engine.turn import Turn

Language = Annotated[
    str, Meta(min_length=1, max_length=200, description="A language tag such as `en` or `pt-BR`; may hold a value.")
]


class Set(Node, frozen=True, kw_only=True, tag="set"):
    """Keeps values: `vars` for this conversation, `fields` at the contact for good, and the contact's `language`.

    A value is any JSON; texts may hold values, and `{{ vars.count }}` alone keeps its type. `null` takes one away.

    Example:
        nodes:
          start:
            type: set
            vars: {tries: 1, greeting: "Dear {{ contact.name }}"}
            fields: {interested_in: shoes}
            language: es
            next: say
          say: {type: message, text: "{{ vars.greeting }}, {{ vars.tries }}, {{ contact.language }}"}
        talk:
          - customer: hi
          - bot: Dear Ada, 1, es
          - fields: {interested_in: shoes}
    """

    group: ClassVar[Group] = "keep"

    vars: dict[Name, object] = {}
    fields: dict[Name, object] = {}
    language: Language | None = None
    next: Target | None = None

    def enter(self, turn: Turn) -> Step:
        for name, value in self.vars.items():
            turn.save(f"vars.{name}", turn.value(_json(value)))
        for name, value in self.fields.items():
            turn.save(f"fields.{name}", turn.value(_json(value)))
        if self.language is not None:
            language = turn.text(self.language).strip()
            if language:
                turn.set_language(language[:35])
        return Leave()

    def exits(self) -> dict[str, str | None]:
        return {"next": self.next}


def _json(value: object) -> JsonValue:
    return value  # type: ignore[return-value]  # a definition is read from JSON
