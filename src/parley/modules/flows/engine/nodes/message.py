"""Message: the bot says something and goes on."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, cast

from msgspec import Meta

from parley.core.content import Content
from parley.core.json import JsonObject
from parley.core.text import shorten
from parley.modules.flows.engine import limits
from parley.modules.flows.engine import whatsapp_limits as whatsapp
from parley.modules.flows.engine.fields import Finding, Target, Words, too_long
from parley.modules.flows.engine.language import WORDS
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.steps import Leave, Step
from parley.modules.flows.engine.turn import Turn


class Message(Node, frozen=True, kw_only=True, tag="message"):
    """Says something and goes on: words, or any content of the Cloud API (image, document, location, …).

    Example:
        nodes:
          start:
            type: message
            text: 'Hello {{ contact.name | default: "there" }}!'
            next: where
          where:
            type: message
            content:
              type: location
              location: {latitude: 52.52, longitude: 13.405, name: Our shop}
        talk:
          - customer: hi
          - bot: Hello Ada!
          - bot: {type: location, location: {latitude: 52.52, longitude: 13.405, name: Our shop}}
          - ends: completed
    """

    group: ClassVar[Group] = "say"

    text: Words | None = None
    content: (
        Annotated[
            dict[str, object],
            Meta(
                description="A message as the Cloud API writes it: `{type: image, image: {link: …}}`. "
                "Every text in it may hold values.",
                extra={WORDS: True},
            ),
        ]
        | None
    ) = None
    next: Target | None = None

    def __post_init__(self) -> None:
        if (self.text is None) == (self.content is None):
            raise ValueError("A message has either `text` or `content`; write one of them")
        if self.content is not None and not _is_content(self.content):
            raise ValueError(
                "`content` is written as `{type: image, image: {…}}`: the type, and an object of that name"
            )

    def enter(self, turn: Turn) -> Step:
        if self.text is not None:
            turn.say_text(self.text)
        elif self.content is not None:
            kind, body = _parts(self.content)
            filled = turn.value(body)
            turn.say(Content(kind, _cut(filled) if isinstance(filled, dict) else {}))
        return Leave()

    def exits(self) -> dict[str, str | None]:
        return {"next": self.next}

    def speaks(self) -> bool:
        return True

    def inspect(self) -> Iterator[Finding]:
        yield from too_long("/text", self.text, whatsapp.TEXT_BODY)
        if self.content is not None:
            kind, body = _parts(self.content)
            caption = body.get("caption")
            if isinstance(caption, str):
                yield from too_long(f"/content/{kind}/caption", caption, whatsapp.CAPTION)


def _is_content(content: dict[str, object]) -> bool:
    kind = content.get("type")
    return isinstance(kind, str) and set(content) == {"type", kind} and isinstance(content[kind], dict)


def _parts(content: dict[str, object]) -> tuple[str, JsonObject]:
    kind = str(content["type"])
    return kind, cast("JsonObject", content[kind])


def _cut(body: JsonObject) -> JsonObject:
    """The body with words no longer than a channel takes."""
    return {
        name: shorten(item, whatsapp.CAPTION if name == "caption" else limits.TEXT_CHARACTERS)
        if isinstance(item, str)
        else item
        for name, item in body.items()
    }
