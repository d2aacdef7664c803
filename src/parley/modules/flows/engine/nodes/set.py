"""Set: keep values for this conversation or for the contact."""

from typing import Annotated, ClassVar

from msgspec import Meta

from parley.core.json import JsonValue
from parley.modules.flows.engine.fields import Name, Target, Text
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.steps import Leave, Step
from parley.modules.flows.engine.turn import Turn

Language = Annotated[
    str, Meta(min_length=1, max_length=200, description="A language tag such as `en` or `pt-BR`; may hold a value.")
]
Tags = Annotated[list[Text], Meta(max_length=20, description="Tags by their names.")]


class Set(Node, frozen=True, kw_only=True, tag="set"):
    """Keeps values: `vars` for this flow, `session` for all flows of this talk, `fields` at the contact for good.

    Also tags the contact, and chooses the `language` spoken. A value is any JSON; texts may hold values, and
    `{{ vars.count }}` alone keeps its type. `null` takes one away.

    Example:
        nodes:
          start:
            type: set
            vars: {tries: 1, greeting: "Dear {{ contact.name }}"}
            session: {campaign: spring}
            fields: {interested_in: shoes}
            add_tags: [shoes]
            language: es
            next: say
          say: {type: message, text: "{{ vars.greeting }}, {{ vars.tries }}, {{ contact.language }}"}
        talk:
          - customer: hi
          - bot: Dear Ada, 1, es
          - fields: {interested_in: shoes}
          - tags: [shoes]
    """

    group: ClassVar[Group] = "keep"

    vars: dict[Name, object] = {}
    session: dict[Name, object] = {}
    fields: dict[Name, object] = {}
    add_tags: Tags = []
    remove_tags: Tags = []
    language: Language | None = None
    next: Target | None = None

    def enter(self, turn: Turn) -> Step:
        for room, values in (("vars", self.vars), ("session", self.session), ("fields", self.fields)):
            for name, value in values.items():
                turn.save(f"{room}.{name}", turn.value(_json(value)))
        for name in self.add_tags:
            turn.set_tag(turn.text(name), present=True)
        for name in self.remove_tags:
            turn.set_tag(turn.text(name), present=False)
        if self.language is not None:
            language = turn.text(self.language).strip()
            if language:
                turn.set_language(language[:35])
        return Leave()

    def exits(self) -> dict[str, str | None]:
        return {"next": self.next}

    def reads_tags(self) -> bool:
        return bool(self.add_tags or self.remove_tags)


def _json(value: object) -> JsonValue:
    return value  # type: ignore[return-value]  # a definition is read from JSON
