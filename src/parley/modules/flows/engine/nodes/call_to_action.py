"""Call to action: words with a button that opens a web page."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from msgspec import Meta

from parley.core.content import Content
from parley.core.json import JsonObject
from parley.modules.flows.engine import whatsapp_limits as whatsapp
from parley.modules.flows.engine.choosing import Frame, framed
from parley.modules.flows.engine.fields import Finding, Target, Words, too_long
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.steps import Leave, Step
from parley.modules.flows.engine.turn import Turn


class CallToAction(Node, frozen=True, kw_only=True, tag="call_to_action"):
    """Says something with a button that opens a web page. Where a channel has no such button, the address is written.

    Values in the `url` are percent-encoded.

    Example:
        nodes:
          start:
            type: call_to_action
            text: Your basket waits for you.
            button: Pay now
            url: "https://shop.example/pay?who={{ contact.name }}"
        talk:
          - customer: hi
          - bot:
              type: interactive
              interactive:
                type: cta_url
                body: {text: Your basket waits for you.}
                action:
                  name: cta_url
                  parameters: {display_text: Pay now, url: "https://shop.example/pay?who=Ada"}
          - ends: completed
    """

    group: ClassVar[Group] = "say"

    text: Words
    button: Annotated[Words, Meta(description="The words on the button.")]
    url: Annotated[Words, Meta(description="The page it opens: `https://…`; may hold values.")]
    header: Words | None = None
    footer: Words | None = None
    next: Target | None = None

    def enter(self, turn: Turn) -> Step:
        url = turn.address(self.url)
        if not url.startswith(("https://", "http://")):
            turn.failed("The address must begin with https://, so nothing was said. Is a value missing in it?")
        elif turn.channel.rich:
            frame = Frame(words=self.text, header=self.header, footer=self.footer)
            parameters: JsonObject = {"display_text": turn.text(self.button, whatsapp.LINK_BUTTON), "url": url}
            action: JsonObject = {"name": "cta_url", "parameters": parameters}
            turn.say(Content("interactive", framed(turn, frame, "cta_url", whatsapp.BUTTONS_BODY, action)))
        else:
            turn.say_text(self.text, after=f"\n{turn.text(self.button)}: {url}")
        return Leave()

    def exits(self) -> dict[str, str | None]:
        return {"next": self.next}

    def speaks(self) -> bool:
        return True

    def inspect(self) -> Iterator[Finding]:
        yield from too_long("/text", self.text, whatsapp.BUTTONS_BODY)
        yield from too_long("/button", self.button, whatsapp.LINK_BUTTON)
        yield from too_long("/header", self.header, whatsapp.HEADER)
        yield from too_long("/footer", self.footer, whatsapp.FOOTER)
