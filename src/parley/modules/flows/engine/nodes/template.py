"""Template: words that WhatsApp has approved, which may be said at any time."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, ClassVar

from msgspec import Meta

from parley.core.content import Content
from parley.core.json import JsonValue
from parley.modules.flows.engine import options
from parley.modules.flows.engine.fields import Dependency, Place, Target, Text, Timeout, length
from parley.modules.flows.engine.language import WORDS
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.options import Option
from parley.modules.flows.engine.steps import Leave, Step, StillWaiting
from parley.modules.flows.engine.turn import Turn
from parley.modules.flows.engine.world import MessageArrived, Resume, Returned, TimedOut

QUICK_REPLIES = 10
"""Of one template (Meta)."""

TemplateName = Annotated[
    str, Meta(pattern=r"^[a-z0-9_]{1,512}$", description="The name of a template of the workspace.")
]


class Template(Node, frozen=True, kw_only=True, tag="template"):
    """Says a template: the only words WhatsApp takes when the customer has been silent for 24 hours.

    Its `variables` are named as in `POST /v1/messages`. Without `language` it is said in the language spoken.
    With `buttons`, its quick replies in their order, it waits for the tap and goes on by that button's way; anything
    else leaves by `other`. Without them it goes on at once.

    Example:
        nodes:
          start:
            type: template
            template: booking_reminder
            language: en_US
            variables: {name: "{{ contact.name }}"}
            buttons: [{title: I will come, id: coming, next: fine}, {title: Cancel, id: cancel}]
            timeout: {after: 2d, next: silent}
          fine: {type: message, text: See you then!}
          silent: {type: end, outcome: no_answer}
        talk:
          - customer: hi
          - bot:
              type: template
              template:
                name: booking_reminder
                language: en_US
                variables: {name: Ada, buttons: {"0": "start:coming", "1": "start:cancel"}}
          - customer: {payload: "start:coming", text: I will come}
          - bot: See you then!
    """

    group: ClassVar[Group] = "say"

    template: TemplateName
    language: Annotated[Text | None, Meta(description="The template's language, as `en_US`.", extra={WORDS: True})] = (
        None
    )
    variables: Annotated[
        dict[str, object],
        Meta(description="By their names in the template; texts may hold values.", extra={WORDS: True}),
    ] = {}
    buttons: Annotated[list[Option], Meta(max_length=QUICK_REPLIES, description="Its quick replies, in order.")] = []
    save: Annotated[Place | None, Meta(description="Where to keep the title of the button that was tapped.")] = None
    next: Annotated[Target | None, Meta(description="Where to go on, without `buttons`.")] = None
    other: Annotated[Target | None, Meta(description="Where to go when the answer is none of the buttons.")] = None
    timeout: Timeout | None = None

    def enter(self, turn: Turn) -> Step:
        language = turn.text(self.language).strip() if self.language else turn.language.replace("-", "_")
        variables = {name: turn.value(value) for name, value in self.variables.items()}  # type: ignore[arg-type]  # read from JSON
        if self.buttons:
            payloads: dict[str, JsonValue] = {
                str(place): options.payload(turn.node, option, place + 1) for place, option in enumerate(self.buttons)
            }
            given = variables.get("buttons")
            variables["buttons"] = {**payloads, **(given if isinstance(given, dict) else {})}
        body: dict[str, JsonValue] = {"name": self.template, "language": language}
        turn.say(Content("template", {**body, "variables": variables} if variables else body))
        return turn.wait(self.timeout) if self.buttons else Leave()

    def resume(self, turn: Turn, resume: Resume | Returned) -> Step:
        if isinstance(resume, TimedOut):
            return Leave("timeout")
        if not isinstance(resume, MessageArrived):
            return StillWaiting()
        index = options.chosen(turn, self.buttons)
        if index is None:
            return Leave("other")
        turn.save(self.save, turn.text(self.buttons[index].title))
        return Leave(options.exit_name(self.buttons[index], index + 1))

    def exits(self) -> dict[str, str | None]:
        if not self.buttons:
            return {"next": self.next}
        silent = {"timeout": self.timeout.next if self.timeout else None}
        return options.exits(self.buttons) | {"other": self.other} | silent

    def silence(self, exit_: str) -> timedelta | None:
        if exit_ == "next":
            return timedelta()
        return None if exit_ != "timeout" or self.timeout is None else length(self.timeout.after)

    def reads_contact(self) -> bool:
        return self.language is None

    def dependencies(self) -> Iterator[Dependency]:
        yield Dependency("template", self.template, "/template")
