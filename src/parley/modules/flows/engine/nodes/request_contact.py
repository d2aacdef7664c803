"""Request contact: a question for the customer's phone number, which WhatsApp hides from businesses for some."""

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from parley.core.content import Content
from parley.core.json import JsonValue
from parley.modules.flows.engine import whatsapp_limits as whatsapp
from parley.modules.flows.engine.carried import phone_in
from parley.modules.flows.engine.choosing import Frame, framed
from parley.modules.flows.engine.fields import Finding, Target, too_long
from parley.modules.flows.engine.question import Question
from parley.modules.flows.engine.turn import NOTHING, Turn
from parley.modules.flows.engine.words import find_phone


class RequestContact(Question, frozen=True, kw_only=True, tag="request_contact"):
    """Asks for the customer's phone number with a button that shares it; a shared contact or a typed number does too.

    `save` keeps it as `+15550001111`.

    Example:
        nodes:
          start: {type: request_contact, text: May we call you?, save: fields.callback, next: thanks}
          thanks: {type: message, text: "We call {{ fields.callback }}."}
        talk:
          - customer: hi
          - bot:
              type: interactive
              interactive:
                type: contact_request
                body: {text: May we call you?}
                action: {name: request_contact_info}
          - customer: {contacts: [{name: {formatted_name: Ada}, phones: [{phone: "+1 555 000 2222"}]}]}
          - fields: {callback: "+15550002222"}
          - bot: We call +15550002222.
    """

    next: Target | None = None
    other: Annotated[Target | None, Meta(description="Where to go when the answer has no number.")] = None

    def put(self, turn: Turn, words: str) -> None:
        if turn.channel.rich:
            action = {"name": "request_contact_info"}
            asked = framed(turn, Frame(words=words), "contact_request", whatsapp.BUTTONS_BODY, action)
            turn.say(Content("interactive", asked))
        else:
            turn.say_text(words)

    def understand(self, turn: Turn) -> tuple[str, JsonValue] | None:
        received = turn.input or NOTHING
        number = phone_in(received.data) if received.kind == "contacts" else find_phone(received.text)
        return None if number is None else ("answered", number)

    def exits(self) -> dict[str, str | None]:
        return {"answered": self.next, "other": self.other} | self.timeout_exit()

    def inspect(self) -> Iterator[Finding]:
        yield from too_long("/text", self.text, whatsapp.BUTTONS_BODY)
        yield from too_long("/retry_text", self.retry_text, whatsapp.BUTTONS_BODY)
