"""What a provider tells us, in our own words: one delivery becomes a list of these. Pure data.

Provider ids stay text. `at` is the provider's event time. A member that the provider left out is None.
"""

from dataclasses import dataclass
from dataclasses import field as member
from datetime import datetime
from typing import Literal

from parley.core.content import Content
from parley.core.json import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Which configured account a fact is about, by the provider's ids (WhatsApp: WABA and phone number)."""

    account_id: str | None
    number_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A person as the provider names them: by E.164 `phone`, user_id or username, save in odd payloads."""

    phone: str | None = None
    user_id: str | None = None
    """Business-scoped user id, case-sensitive."""
    parent_user_id: str | None = None
    username: str | None = None
    """Without the leading `@`; display only, never a key on its own when another is known."""
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFile:
    """A file the provider holds for us; `sha256` as sent, base64 or hex."""

    provider_id: str
    kind: str
    content_type: str | None = None
    sha256: str | None = None
    url: str | None = None
    filename: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderError:
    """An error in a provider's words."""

    code: int
    title: str
    detail: str | None = None
    doc_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMessage:
    """A message from a person, or (echo, history) one the business sent from another device."""

    account: Account
    provider_id: str
    sender: Party
    """The person of the conversation: who wrote, or for `outbound` whom it was written to."""
    at: datetime
    content: Content
    """Its kind is the provider's type; `unsupported` when the provider says so or the body is missing."""
    origin: Literal["live", "echo", "history", "standby"] = "live"
    """`standby`: another app of the business has the floor; read, never answer."""
    outbound: bool = False
    group_id: str | None = None
    media: MediaFile | None = None
    referral: JsonObject | None = None
    """The ad or post that the person came from; opens the free entry point. Below, the product asked about."""
    product: JsonObject | None = None
    forwarded: bool = False
    errors: tuple[ProviderError, ...] = ()
    beside: JsonObject | None = None
    """What the provider put beside the content that no other member here holds, in its own words."""
    history_status: str | None = None
    """For `history`: the status the message had, in our vocabulary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited:
    account: Account
    provider_id: str
    original_id: str
    sender: Party
    at: datetime
    content: Content
    outbound: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRevoked:
    account: Account
    provider_id: str
    original_id: str
    sender: Party
    at: datetime
    outbound: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """How far an outgoing message came."""

    account: Account
    provider_id: str
    status: Literal["sent", "delivered", "read", "played", "failed"]
    at: datetime
    recipient: Party
    callback_data: str | None = None
    """What we sent along (`biz_opaque_callback_data`): our message id."""
    participant: str | None = None
    """In a group: whose copy this is about, E.164."""
    group_id: str | None = None
    errors: tuple[ProviderError, ...] = ()
    pricing: JsonObject | None = None
    window_expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityChanged:
    """A person's number or user id changed: `before` and `after` are one person."""

    account: Account
    provider_id: str
    before: Party
    after: Party
    at: datetime
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSynced:
    """The business's phone book has, or no longer has, this person (coexistence)."""

    account: Account
    party: Party
    removed: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceChanged:
    """A person told the provider to stop or resume marketing from this business."""

    account: Account
    party: Party
    marketing: Literal["stop", "resume"]
    at: datetime
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent:
    """A step of a voice call."""

    account: Account
    call_id: str
    event: str
    """connect, terminate, ringing, accepted, rejected, recording, transcription, or the provider's word, small."""
    at: datetime
    party: Party
    outbound: bool = False
    body: JsonObject = member(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateEvent:
    """A template's status, quality, category or components changed."""

    account: Account
    change: Literal["status", "quality", "category", "components"]
    provider_id: str
    name: str
    language: str
    at: datetime | None
    status: str | None = None
    """APPROVED, REJECTED, PAUSED, … as the provider says."""
    quality: str | None = None
    category: str | None = None
    reason: str | None = None
    body: JsonObject = member(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEvent:
    """Something about the account or number itself: review, ban, quality, limits, name, alerts, settings, partners."""

    account: Account
    field: str
    """The provider's webhook field, for example `account_update`."""
    event: str
    """The provider's event word, or the field when it has none."""
    at: datetime | None
    display_number: str | None = None
    body: JsonObject = member(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupEvent:
    account: Account
    field: str
    group_id: str | None
    event: str
    at: datetime | None
    body: JsonObject = member(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormEvent:
    """A WhatsApp form (Meta's Flow) changed state or misbehaves."""

    account: Account
    form_id: str | None
    event: str
    at: datetime | None
    body: JsonObject = member(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """What we don't know yet: kept whole and listed, never dropped."""

    account: Account
    field: str
    reason: str
    body: JsonObject
    at: datetime | None = None


Inbound = (
    InboundMessage
    | MessageEdited
    | MessageRevoked
    | StatusChange
    | IdentityChanged
    | ContactSynced
    | PreferenceChanged
    | CallEvent
    | TemplateEvent
    | AccountEvent
    | GroupEvent
    | FormEvent
    | Unknown
)
