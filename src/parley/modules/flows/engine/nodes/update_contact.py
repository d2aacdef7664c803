"""Update contact: change what is known of somebody else."""

from typing import Annotated, ClassVar

from msgspec import Meta

from parley.modules.flows.engine.effect import EffectFailed
from parley.modules.flows.engine.effects.contact import ContactUpdated, UpdateContactEffect
from parley.modules.flows.engine.fields import Name, Target, Text
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.nodes.find_contact import SECONDS
from parley.modules.flows.engine.nodes.set import Tags
from parley.modules.flows.engine.steps import Leave, Step
from parley.modules.flows.engine.turn import Turn
from parley.modules.flows.engine.world import EffectAnswered, Resume, Returned


class UpdateContact(Node, frozen=True, kw_only=True, tag="update_contact"):
    """Changes another contact, by its id; `set` changes the customer's own. What does not fit leaves by `failed`.

    Example:
        nodes:
          start:
            type: update_contact
            contact: "{{ input.text }}"
            fields: {referred: true}
            add_tags: [friend]
            next: ok
          ok: {type: message, text: Thank you!}
        talk:
          - customer: con_0192f3a4b5c67d8e9fa0b1c2d3e4f506
          - update_contact: {contact: con_0192f3a4b5c67d8e9fa0b1c2d3e4f506, fields: {referred: true}}
            answers: {}
          - bot: Thank you!
    """

    group: ClassVar[Group] = "keep"

    contact: Annotated[Text, Meta(description="The contact's id, as `find_contact` keeps it.")]
    name: Text | None = None
    language: Text | None = None
    fields: Annotated[dict[Name, object], Meta(description="Values by field; null takes one away.")] = {}
    add_tags: Tags = []
    remove_tags: Tags = []
    next: Target | None = None
    failed: Target | None = None

    def enter(self, turn: Turn) -> Step:
        fields = {name: turn.value(value) for name, value in self.fields.items()}  # type: ignore[arg-type]  # read from JSON
        effect = UpdateContactEffect(
            contact=turn.text(self.contact).strip(),
            name=turn.text(self.name).strip() if self.name else None,
            language=turn.text(self.language).strip() if self.language else None,
            fields=fields,
            add_tags=tuple([turn.text(each) for each in self.add_tags]),
            remove_tags=tuple([turn.text(each) for each in self.remove_tags]),
            timeout=SECONDS,
        )
        return turn.ask_world(effect)

    def resume(self, turn: Turn, resume: Resume | Returned) -> Step:
        result = resume.result if isinstance(resume, EffectAnswered) else None
        if isinstance(result, ContactUpdated):
            return Leave()
        turn.failed(result.reason if isinstance(result, EffectFailed) else "No answer came in time.")
        return Leave("failed")

    def exits(self) -> dict[str, str | None]:
        return {"next": self.next, "failed": self.failed}
