"""Consent: ask whether the customer wants to hear from the business, and write the answer into the ledger."""

from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import Meta

from parley.core.json import JsonValue
from parley.modules.flows.engine import options
from parley.modules.flows.engine import whatsapp_limits as whatsapp
from parley.modules.flows.engine.choosing import Frame, put_buttons, put_numbered
from parley.modules.flows.engine.events.contact import ConsentGiven
from parley.modules.flows.engine.fields import Finding, Target, Words, too_long
from parley.modules.flows.engine.options import Option
from parley.modules.flows.engine.question import Question
from parley.modules.flows.engine.turn import NOTHING, Turn


class Consent(Question, frozen=True, kw_only=True, tag="consent"):
    """Asks for consent to marketing with two buttons, and writes the answer into the ledger with the message as proof.

    Silence or any other answer changes nothing. `save` keeps `granted` or `withdrawn`.

    Example:
        nodes:
          start:
            type: consent
            text: May we send you our offers? You can stop them at any time.
            agree: "Yes, gladly"
            refuse: "No"
            granted: welcome
          welcome: {type: message, text: Thank you!}
        talk:
          - customer: hi
          - bot: {buttons: ["Yes, gladly", "No"]}
          - customer: {tap: "Yes, gladly"}
          - consent: {state: granted, message: msg_2}
          - bot: Thank you!
    """

    purpose: Annotated[Literal["marketing"], Meta(description="What the consent is for.")] = "marketing"
    agree: Annotated[Words, Meta(description="The button that says yes.")] = "Yes"
    refuse: Annotated[Words, Meta(description="The button that says no.")] = "No"
    granted: Target | None = None
    withdrawn: Target | None = None
    other: Annotated[Target | None, Meta(description="Where to go when the answer is neither.")] = None

    def put(self, turn: Turn, words: str) -> None:
        show = put_buttons if turn.channel.buttons >= len(self._choices) else put_numbered
        show(turn, Frame(words=words), self._choices)

    def understand(self, turn: Turn) -> tuple[str, JsonValue] | None:
        index = options.chosen(turn, self._choices)
        if index is None:
            return None
        state: Literal["granted", "withdrawn"] = "withdrawn" if index else "granted"
        turn.events.append(ConsentGiven(self.purpose, state, (turn.input or NOTHING).message))
        return state, state

    @property
    def _choices(self) -> tuple[Option, Option]:
        return Option(title=self.agree, id="agree"), Option(title=self.refuse, id="refuse")

    def exits(self) -> dict[str, str | None]:
        return {"granted": self.granted, "withdrawn": self.withdrawn, "other": self.other} | self.timeout_exit()

    def inspect(self) -> Iterator[Finding]:
        yield from too_long("/text", self.text, whatsapp.BUTTONS_BODY)
        yield from too_long("/retry_text", self.retry_text, whatsapp.BUTTONS_BODY)
        yield from too_long("/agree", self.agree, whatsapp.BUTTON_TITLE)
        yield from too_long("/refuse", self.refuse, whatsapp.BUTTON_TITLE)
