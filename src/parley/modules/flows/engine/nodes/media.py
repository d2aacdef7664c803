"""Media: the bot sends a picture, a film, a sound, a document or a sticker."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from parley.core.content import Content
from parley.core.json import JsonValue
from parley.modules.flows.engine import whatsapp_limits as whatsapp
from parley.modules.flows.engine.fields import Finding, Target, Words, too_long
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.steps import Leave, Step
from parley.modules.flows.engine.turn import Turn

OWN = "med_"
"""Prefix of the ids of files in the platform."""


class Media(Node, frozen=True, kw_only=True, tag="media"):
    """Sends a file: one of the platform's by its id (`med_…`), or one from a web address.

    Example:
        nodes:
          start:
            type: media
            kind: image
            file: "https://shop.example/{{ vars.picture | default: 'menu' }}.png"
            caption: "Our menu, {{ contact.name }}"
            next: terms
          terms: {type: media, kind: document, file: med_0192f3a4b5c67d8e9fa0b1c2d3e4f506, filename: terms.pdf}
        talk:
          - customer: hi
          - bot: {type: image, image: {link: "https://shop.example/menu.png", caption: "Our menu, Ada"}}
          - bot: {type: document, document: {id: med_0192f3a4b5c67d8e9fa0b1c2d3e4f506, filename: terms.pdf}}
          - ends: completed
    """

    group: ClassVar[Group] = "say"

    kind: Literal["image", "video", "audio", "document", "sticker"]
    file: Annotated[Words, Meta(description="A file's id (`med_…`) or web address; may hold values.")]
    caption: Annotated[Words | None, Meta(description="Words under a picture, film or document.")] = None
    filename: Annotated[Words | None, Meta(description="The name that a document is shown and saved under.")] = None
    next: Target | None = None

    def __post_init__(self) -> None:
        if self.caption is not None and self.kind in {"audio", "sticker"}:
            raise ValueError("A sound or sticker has no `caption`; take it out, or say it in a message before")
        if self.filename is not None and self.kind != "document":
            raise ValueError("Only a document has a `filename`; take it out")

    def enter(self, turn: Turn) -> Step:
        file = turn.text(self.file).strip()
        if not file.startswith((OWN, "https://", "http://")):
            turn.failed("The file is neither a web address nor an id as `med_…`, so nothing was sent.")
            return Leave()
        body: dict[str, JsonValue] = {"id" if file.startswith(OWN) else "link": file}
        for name, words, limit in (
            ("caption", self.caption, whatsapp.CAPTION),
            ("filename", self.filename, whatsapp.FILENAME),
        ):
            filled = turn.text(words, limit).strip() if words else ""
            if filled:
                body[name] = filled
        turn.say(Content(self.kind, body))
        return Leave()

    def exits(self) -> dict[str, str | None]:
        return {"next": self.next}

    def speaks(self) -> bool:
        return True

    def inspect(self) -> Iterator[Finding]:
        yield from too_long("/caption", self.caption, whatsapp.CAPTION)
        yield from too_long("/filename", self.filename, whatsapp.FILENAME)
