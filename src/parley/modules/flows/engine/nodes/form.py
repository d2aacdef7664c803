"""Form: a WhatsApp form (Meta's Flow) to fill in, without leaving the chat."""

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from parley.core.content import Content
from parley.core.json import JsonObject, JsonValue
from parley.modules.flows.engine import whatsapp_limits as whatsapp
from parley.modules.flows.engine.choosing import Frame, framed
from parley.modules.flows.engine.fields import Finding, Place, Target, Words, too_long
from parley.modules.flows.engine.question import Question
from parley.modules.flows.engine.turn import NOTHING, Turn

TOKEN = "flow_token"
"""Meta's name of the text that ties a reply to the form that was sent."""
SENT = "token"
"""The note of the form that is waited for."""

FormId = Annotated[str, Meta(pattern=r"^[0-9]{5,25}$", description="The id that Meta gave the form.")]
Screen = Annotated[str, Meta(pattern=r"^[A-Za-z_]{1,80}$", description="A screen of the form, by its id.")]


class Form(Question, frozen=True, kw_only=True, tag="form"):
    """Sends a WhatsApp form and waits until it is filled in. `save` keeps all answers, `answers` single ones.

    It opens at `screen` with `data`. Anything but its reply leaves by `other`, at once where `retries` is not set; so
    it does at once where a channel has no forms.

    Example:
        nodes:
          start:
            type: form
            text: Please tell us about your visit.
            form: "1087654321098765"
            button: Book
            screen: VISIT
            data: {name: "{{ contact.name }}"}
            answers: {day: day, fields.guests: guests}
            next: thanks
          thanks: {type: message, text: "See you on {{ vars.day }}!"}
        talk:
          - customer: hi
          - bot:
              type: interactive
              interactive:
                type: flow
                body: {text: Please tell us about your visit.}
                action:
                  name: flow
                  parameters:
                    flow_message_version: "3"
                    flow_id: "1087654321098765"
                    flow_cta: Book
                    flow_token: cnv_1.1.1
                    flow_action: navigate
                    flow_action_payload: {screen: VISIT, data: {name: Ada}}
          - customer: {form: {flow_token: cnv_1.1.1, day: "2026-12-01", guests: 3}}
          - fields: {guests: 3}
          - bot: See you on 2026-12-01!
    """

    form: FormId
    button: Annotated[Words, Meta(description="The words on the button that opens it.")]
    screen: Annotated[Screen | None, Meta(description="Where it opens; without, as the form itself says.")] = None
    data: Annotated[dict[str, object], Meta(description="What the first screen is given; texts may hold values.")] = {}
    draft: Annotated[bool, Meta(description="Whether to send the form's unpublished draft, for tests.")] = False
    answers: Annotated[
        dict[Place, str], Meta(description="Where to keep single answers: ours first, then the form's name.")
    ] = {}
    header: Words | None = None
    footer: Words | None = None
    next: Target | None = None
    other: Annotated[Target | None, Meta(description="Where to go when the customer writes instead.")] = None

    def __post_init__(self) -> None:
        if self.data and self.screen is None:
            raise ValueError("`data` is for the `screen` that the form opens at; write both")

    def allowed_retries(self) -> int:
        return 0 if self.retries is None else self.retries

    def put(self, turn: Turn, words: str) -> None:
        if not turn.channel.rich:
            turn.say_text(words)
            return
        token = turn.run.notes.setdefault(SENT, turn.token())
        parameters: dict[str, JsonValue] = {
            "flow_message_version": "3",
            "flow_id": self.form,
            "flow_cta": turn.text(self.button, whatsapp.FORM_BUTTON),
            TOKEN: str(token),
            **self._opening(turn),
        }
        if self.draft:
            parameters["mode"] = "draft"
        frame = Frame(words=words, header=self.header, footer=self.footer)
        action: JsonObject = {"name": "flow", "parameters": parameters}
        turn.say(Content("interactive", framed(turn, frame, "flow", whatsapp.BUTTONS_BODY, action)))

    def _opening(self, turn: Turn) -> JsonObject:
        if self.screen is None:
            return {}
        payload: dict[str, JsonValue] = {"screen": self.screen}
        if self.data:
            payload["data"] = {name: turn.value(value) for name, value in self.data.items()}  # type: ignore[arg-type]  # read from JSON
        return {"flow_action": "navigate", "flow_action_payload": payload}

    def understand(self, turn: Turn) -> tuple[str, JsonValue] | None:
        received = turn.input or NOTHING
        given = received.data if received.kind == "interactive" else None
        if given is None or given.get(TOKEN, "") not in {turn.run.notes.get(SENT), "unused"}:
            return None
        found: dict[str, JsonValue] = {name: value for name, value in given.items() if name != TOKEN}  # type: ignore[misc]  # it came as JSON
        for place, name in self.answers.items():
            turn.save(place, found.get(name))
        return "answered", found

    def exits(self) -> dict[str, str | None]:
        return {"answered": self.next, "other": self.other} | self.timeout_exit()

    def inspect(self) -> Iterator[Finding]:
        yield from too_long("/text", self.text, whatsapp.BUTTONS_BODY)
        yield from too_long("/button", self.button, whatsapp.FORM_BUTTON)
        yield from too_long("/header", self.header, whatsapp.HEADER)
        yield from too_long("/footer", self.footer, whatsapp.FOOTER)
