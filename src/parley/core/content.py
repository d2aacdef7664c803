"""What a message says, in the vocabulary of the Cloud API's message object, which is Parley's public one too."""

from dataclasses import dataclass
from typing import Final

from parley.core.json import JsonObject

MEDIA_KINDS: Final = frozenset({"image", "video", "audio", "document", "sticker"})
"""Kinds that are a file."""
KINDS: Final = (
    "text",
    "image",
    "video",
    "audio",
    "document",
    "sticker",
    "location",
    "contacts",
    "reaction",
    "interactive",
    "template",
    "pin",
)
"""Every kind that can be sent."""


@dataclass(frozen=True, slots=True)
class Content:
    """One message's content: `kind` is its type (`text`, `image`, `interactive`, …), `body` the object of that name.

    A text message is `Content("text", {"body": "Hello"})`. `context` is the provider id of the message replied to.
    """

    kind: str
    body: JsonObject
    context: str | None = None

    @property
    def text(self) -> str | None:
        """The words a person reads or wrote, where this kind has any: text body, caption, button or list title."""
        body = self.body
        match self.kind:
            case "text":
                return _string(body.get("body"))
            case "button":
                return _string(body.get("text"))
            case "interactive":
                return _reply_title(body)
            case "image" | "video" | "document":
                return _string(body.get("caption"))
        return None

    @property
    def payload(self) -> str | None:
        """The machine part of a tapped button or list row: its id or payload."""
        if self.kind == "button":
            return _string(self.body.get("payload"))
        if self.kind == "interactive":
            reply = self.body.get("button_reply") or self.body.get("list_reply")
            return _string(reply.get("id")) if isinstance(reply, dict) else None
        return None


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _reply_title(body: JsonObject) -> str | None:
    reply = body.get("button_reply") or body.get("list_reply")
    if isinstance(reply, dict):
        return _string(reply.get("title"))
    words = body.get("body")
    return _string(words.get("text")) if isinstance(words, dict) else None
