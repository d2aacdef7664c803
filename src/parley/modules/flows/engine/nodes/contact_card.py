"""Contact card: the bot sends somebody's number to save."""

from typing import ClassVar

from parley.core.content import Content
from parley.core.json import JsonObject, JsonValue
from parley.modules.flows.engine.fields import Target, Text, Words
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.steps import Leave, Step
from parley.modules.flows.engine.turn import Turn
from parley.modules.flows.engine.words import find_phone


class ContactCard(Node, frozen=True, kw_only=True, tag="contact_card"):
    """Sends a contact that the customer can save: a name, and a phone, an e-mail address or a web page.

    Example:
        nodes:
          start: {type: contact_card, name: Front desk, phone: "+1 555 000 1111", company: Bakery}
        talk:
          - customer: How do I reach you?
          - bot:
              type: contacts
              contacts:
                contacts:
                  - name: {formatted_name: Front desk, first_name: Front desk}
                    phones: [{phone: "+15550001111", type: WORK, wa_id: "15550001111"}]
                    org: {company: Bakery}
          - ends: completed
    """

    group: ClassVar[Group] = "say"

    name: Words
    phone: Text | None = None
    email: Text | None = None
    url: Text | None = None
    company: Words | None = None
    next: Target | None = None

    def __post_init__(self) -> None:
        if self.phone is None and self.email is None and self.url is None:
            raise ValueError("A contact needs a `phone`, an `email` or a `url`; write one of them")

    def enter(self, turn: Turn) -> Step:
        name = turn.text(self.name).strip()
        if not name:
            turn.failed("The contact's name came out empty, so nothing was sent.")
            return Leave()
        card: dict[str, JsonValue] = {"name": {"formatted_name": name, "first_name": name}}
        if self.phone is not None:
            card["phones"] = [_phone(turn.text(self.phone).strip())]
        if self.email is not None:
            card["emails"] = [{"email": turn.text(self.email).strip(), "type": "WORK"}]
        if self.url is not None:
            card["urls"] = [{"url": turn.text(self.url).strip(), "type": "WORK"}]
        if self.company is not None:
            card["org"] = {"company": turn.text(self.company).strip()}
        turn.say(Content("contacts", {"contacts": [card]}))
        return Leave()

    def exits(self) -> dict[str, str | None]:
        return {"next": self.next}

    def speaks(self) -> bool:
        return True


def _phone(written: str) -> JsonObject:
    """With its country code, the number can be written to with one tap."""
    number = find_phone(written)
    if number is None:
        return {"phone": written, "type": "WORK"}
    return {"phone": number, "type": "WORK", "wa_id": number.removeprefix("+")}
