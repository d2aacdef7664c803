"""Buttons: a question with a few answers to tap."""

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from parley.core.json import JsonValue
from parley.modules.flows.engine import options
from parley.modules.flows.engine import whatsapp_limits as whatsapp
from parley.modules.flows.engine.choosing import Frame, put_buttons, put_list, put_numbered
from parley.modules.flows.engine.fields import Finding, Target, Words, too_long, warning
from parley.modules.flows.engine.options import Option
from parley.modules.flows.engine.question import Question
from parley.modules.flows.engine.turn import Turn


class Buttons(Question, frozen=True, kw_only=True, tag="buttons"):
    """Asks with buttons: three at most, more come as a list, and as numbered words where a channel has neither.

    A tap decides; so does the title typed by hand, or its number (`1`).
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
    list_button: Annotated[Words, Meta(description="Where more buttons than fit come as a list: what opens it.")] = "☰"
    header: Words | None = None
    footer: Words | None = None
    other: Annotated[Target | None, Meta(description="Where to go when the answer is none of the buttons.")] = None

    def allowed_retries(self) -> int:
        return 0 if self.other and self.retries is None else super().allowed_retries()

    def put(self, turn: Turn, words: str) -> None:
        frame = Frame(words=words, header=self.header, footer=self.footer)
        if len(self.buttons) <= turn.channel.buttons:
            put_buttons(turn, frame, self.buttons)
        elif len(self.buttons) <= turn.channel.rows:
            put_list(turn, frame, self.list_button, [(None, self.buttons)])
        else:
            put_numbered(turn, frame, self.buttons)

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
            sentence = f"WhatsApp shows {most} buttons; these {len(self.buttons)} come as a list behind `list_button`."
            yield warning("/buttons", "shown_as_list", sentence)
        pointers = [f"/buttons/{index}" for index in range(len(self.buttons))]
        yield from options.inspect(self.buttons, pointers, whatsapp.BUTTON_TITLE)
