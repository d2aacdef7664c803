"""Buttons: a question with up to three answers to tap."""

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from parley.core.content import Content
from parley.core.json import JsonObject, JsonValue
from parley.modules.flows.engine import options
from parley.modules.flows.engine import whatsapp_limits as whatsapp
from parley.modules.flows.engine.fields import Finding, Target, Text, error, too_long
from parley.modules.flows.engine.options import Option
from parley.modules.flows.engine.question import Question
from parley.modules.flows.engine.turn import Turn


class Buttons(Question, frozen=True, kw_only=True, tag="buttons"):
    """Asks with up to three buttons. A tap decides; so does the title typed by hand, or its number (`1`).

    Anything else puts the question again (`retries`), then leaves by `other`. With `other` and no `retries`, at once.
    `save` keeps the title that was chosen.

    Example:
        nodes:
          start:
            type: buttons
            text: Shall we call you back?
            buttons:
              - {title: "Yes, please", id: "yes", next: thanks}
              - {title: "No", id: "no"}
            save: callback
            timeout: {after: 1h, next: later}
          thanks: {type: message, text: "You chose: {{ vars.callback }}"}
          later: {type: message, text: Write to us whenever you like.}
        talk:
          - customer: hi
          - bot: {buttons: ["Yes, please", "No"]}
          - customer: yes please
          - bot: "You chose: Yes, please"
    """

    buttons: Annotated[list[Option], Meta(min_length=1, max_length=10, description="WhatsApp shows three at most.")]
    header: Text | None = None
    footer: Text | None = None
    other: Annotated[Target | None, Meta(description="Where to go when the answer is none of the buttons.")] = None

    def allowed_retries(self) -> int:
        return 0 if self.other and self.retries is None else super().allowed_retries()

    def put(self, turn: Turn, words: str) -> None:
        body: dict[str, JsonValue] = {"type": "button"}
        if self.header:
            body["header"] = {"type": "text", "text": turn.text(self.header, whatsapp.HEADER)}
        body["body"] = {"text": turn.text(words, whatsapp.BUTTONS_BODY)}
        if self.footer:
            body["footer"] = {"text": turn.text(self.footer, whatsapp.FOOTER)}
        body["action"] = {"buttons": [self._button(turn, *numbered) for numbered in enumerate(self.buttons, 1)]}
        turn.say(Content("interactive", body))

    def _button(self, turn: Turn, number: int, option: Option) -> JsonObject:
        title = turn.text(option.title, whatsapp.BUTTON_TITLE)
        return {"type": "reply", "reply": {"id": options.payload(turn.node, option, number), "title": title}}

    def understand(self, turn: Turn) -> tuple[str, JsonValue] | None:
        index = options.chosen(turn, self.buttons)
        if index is None:
            return None
        option = self.buttons[index]
        return options.exit_name(option, index + 1), turn.text(option.title)

    def exits(self) -> dict[str, str | None]:
        return options.exits(self.buttons) | {"other": self.other} | self.timeout_exit()

    def inspect(self) -> Iterator[Finding]:
        yield from too_long("/text", self.text, whatsapp.BUTTONS_BODY)
        yield from too_long("/retry_text", self.retry_text, whatsapp.BUTTONS_BODY)
        yield from too_long("/header", self.header, whatsapp.HEADER)
        yield from too_long("/footer", self.footer, whatsapp.FOOTER)
        if len(self.buttons) > whatsapp.BUTTONS:
            most = whatsapp.BUTTONS
            yield error(
                "/buttons", "too_many", f"WhatsApp shows {most} buttons, here are {len(self.buttons)}; use a list."
            )
        pointers = [f"/buttons/{index}" for index in range(len(self.buttons))]
        yield from options.inspect(self.buttons, pointers, whatsapp.BUTTON_TITLE)
