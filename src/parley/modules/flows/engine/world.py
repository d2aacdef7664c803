"""What the host tells the engine: the facts of the world, why it runs, and what came back. All frozen, all given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

import msgspec

from parley.core.content import Content
from parley.core.json import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactView:
    """The person spoken with, as a flow may know them."""

    id: str
    name: str | None = None
    phone: str | None = None
    """E.164; None for a person known by user id or username only."""
    language: str | None = None
    """BCP 47, for example `pt-BR`."""
    fields: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The facts of one sprint. The engine asks for nothing else: same world, same result."""

    now: datetime
    contact: ContactView
    conversation_id: str
    channel_id: str
    seed: int = 0
    """Where a node needs chance, it is drawn from this number."""


class Input(msgspec.Struct, frozen=True, array_like=True):
    """What the person sent: the words (or caption, or title of the tapped button), and the machine part of a tap."""

    text: str = ""
    payload: str | None = None
    kind: str = "text"
    """The content's kind, for example `image` or `interactive`."""
    media_id: str | None = None

    @classmethod
    def of(cls, content: Content, media_id: str | None = None) -> "Input":
        """The input that an inbound content is."""
        return cls(content.text or "", content.payload, content.kind, media_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """Why a session starts, and the message that started it, when one did."""

    reason: str
    input: Input | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """A server answered, with whatever status. `body` is its text, at most HTTP_BODY_BYTES long."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpFailed:
    """No answer came: `reason` is a sentence for the author (timed out, refused, address not allowed)."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageArrived:
    """The person wrote or tapped while the session waited for a message."""

    input: Input


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedOut:
    """The time was up: the customer's, or an effect's deadline. The host makes sure that this wait still holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectAnswered:
    """What an effect brought."""

    effect_id: str
    result: HttpAnswer | HttpFailed


Resume: TypeAlias = MessageArrived | TimedOut | EffectAnswered
