"""Request location: a question that is answered with a place on the map."""

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from parley.core.content import Content
from parley.core.json import JsonValue
from parley.modules.flows.engine import whatsapp_limits as whatsapp
from parley.modules.flows.engine.carried import place_in
from parley.modules.flows.engine.choosing import Frame, framed
from parley.modules.flows.engine.fields import Finding, Target, too_long
from parley.modules.flows.engine.question import Question
from parley.modules.flows.engine.turn import NOTHING, Turn


class RequestLocation(Question, frozen=True, kw_only=True, tag="request_location"):
    """Asks for a place with a button that shares one. `save` keeps latitude, longitude, and name and address if known.

    With `typed`, an address in words does too and is kept as `address`; so it is where a channel has no such button.

    Example:
        nodes:
          start: {type: request_location, text: Where shall we deliver?, save: place, next: thanks}
          thanks: {type: message, text: "We come to {{ vars.place.address | default: vars.place.latitude }}."}
        talk:
          - customer: hi
          - bot:
              type: interactive
              interactive:
                type: location_request_message
                body: {text: Where shall we deliver?}
                action: {name: send_location}
          - customer: {location: {latitude: 52.52, longitude: 13.405}}
          - bot: We come to 52.52.
    """

    typed: Annotated[bool, Meta(description="Whether an address in words is an answer too.")] = False
    next: Target | None = None
    other: Annotated[Target | None, Meta(description="Where to go when the answer is no place.")] = None

    def put(self, turn: Turn, words: str) -> None:
        if turn.channel.rich:
            action = {"name": "send_location"}
            frame = Frame(words=words)
            asked = framed(turn, frame, "location_request_message", whatsapp.BUTTONS_BODY, action)
            turn.say(Content("interactive", asked))
        else:
            turn.say_text(words)

    def understand(self, turn: Turn) -> tuple[str, JsonValue] | None:
        received = turn.input or NOTHING
        place: JsonValue = place_in(received.data) if received.kind == "location" else None
        if place is None and received.text.strip() and (self.typed or not turn.channel.rich):
            place = {"address": received.text.strip()}
        return None if place is None else ("answered", place)

    def exits(self) -> dict[str, str | None]:
        return {"answered": self.next, "other": self.other} | self.timeout_exit()

    def inspect(self) -> Iterator[Finding]:
        yield from too_long("/text", self.text, whatsapp.BUTTONS_BODY)
        yield from too_long("/retry_text", self.retry_text, whatsapp.BUTTONS_BODY)
