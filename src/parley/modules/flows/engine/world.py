"""What the host tells the engine: the facts of the world, why it runs, and what came back. All frozen, all given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from parley.core.content import Content
from parley.core.json import JsonObject
from parley.modules.flows.engine.carried import carried_by
from parley.modules.flows.engine.channel import WHATSAPP, Channel
from parley.modules.flows.engine.effects import AnyAnswer

if TYPE_CHECKING:
    from parley.modules.flows.engine.definition import Definition


class ContactView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The person spoken with, as a flow may know them."""

    id: str
    name: str | None = None
    phone: str | None = None
    """E.164; None for a person known by user id or username only."""
    language: str | None = None
    """BCP 47, for example `pt-BR`."""
    fields: Mapping[str, object] = {}
    """JSON values."""
    tags: frozenset[str] = frozenset()
    timezone: str | None = None
    """IANA name, where it is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """The workspace's other flows, as far as this sprint can reach them: each is prepared before the sprint begins."""

    live: Mapping[str, "Definition"] = field(default_factory=dict)
    """The version that is entered now, by the definition's own id."""
    pinned: Mapping[tuple[str, int], "Definition"] = field(default_factory=dict)
    """The versions that the session's runs are on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The facts of one sprint. The engine asks for nothing else: same world, same result."""

    now: datetime
    contact: ContactView
    conversation_id: str
    channel_id: str
    seed: int = 0
    """Where a node needs chance, it is drawn from this number."""
    channel: Channel = WHATSAPP
    flows: Flows = field(default_factory=Flows)


class Input(msgspec.Struct, frozen=True, array_like=True):
    """What the person sent: the words (or caption, or title of the tapped button), and the machine part of a tap."""

    text: str = ""
    payload: str | None = None
    kind: str = "text"
    """The content's kind, for example `image` or `interactive`."""
    media_id: str | None = None
    data: dict[str, object] | None = None
    """What it carries beside its words: see `carried`."""
    message: str | None = None
    """Its id in the platform, as `msg_…`."""
    provider_id: str | None = None
    """Its id at the channel's provider, which a reaction names."""

    @classmethod
    def of(cls, content: Content, media_id: str | None = None, **ids: str | None) -> "Input":
        """The input that an inbound content is. `ids`: message, provider_id."""
        data: JsonObject | None = carried_by(content)
        return cls(content.text or "", content.payload, content.kind, media_id, data, **ids)  # type: ignore[arg-type]  # JSON


class Trigger(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a session starts, the message that started it, when one did, and variables it starts with."""

    reason: str
    input: Input | None = None
    variables: Mapping[str, object] = {}
    language: str | None = None
    """What the person seems to speak, where nothing better is known: the language of the keyword they wrote."""


class _Came(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type"):
    """What wakes a session."""


class MessageArrived(_Came, frozen=True, tag="message"):
    """The person wrote or tapped while the session waited."""

    input: Input


class TimedOut(_Came, frozen=True, tag="time"):
    """The time was up: the customer's, a delay's, or an effect's. The host makes sure that this wait still holds."""


class EffectAnswered(_Came, frozen=True, tag="effect"):
    """What an effect brought."""

    effect_id: str
    result: AnyAnswer


class EventArrived(_Came, frozen=True, tag="event"):
    """Something happened that the session waits for: the kind, as in `GET /v1/events`, and its facts."""

    kind: str
    detail: Mapping[str, object] = {}


class Interrupted(_Came, frozen=True, tag="interrupted"):
    """Somebody ends the session: another flow's keyword, a colleague, an expiry. `outcome` is what it ends with."""

    outcome: str = "interrupted"


@dataclass(frozen=True, slots=True)
class Returned:
    """The flow that a node entered is over: what it ended with, and its variables. Made by the engine itself."""

    outcome: str
    variables: Mapping[str, object]


Resume: TypeAlias = MessageArrived | TimedOut | EffectAnswered | EventArrived | Interrupted
