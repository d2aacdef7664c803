"""What a channel's driver must do. The seam to the outside world is this file."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from parley.core.content import Content
from parley.core.errors import Fault
from parley.core.ids import MessageId
from parley.core.json import JsonObject
from parley.modules.channels.domain import ChannelAccess, Marketing, NumberHealth
from parley.modules.channels.handed import Exchange, Refusal, Remedy, SendFailed
from parley.modules.channels.inbound import Inbound, MediaFile, Party, ProviderError

__all__ = [
    "ChannelAccess",
    "ChannelDriver",
    "Exchange",
    "FileFacts",
    "HistoryEntry",
    "Marketing",
    "NumberHealth",
    "NumberProvider",
    "Outgoing",
    "PlannedDelivery",
    "Receipt",
    "Refusal",
    "Remedy",
    "SendFailed",
    "SignupProvider",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message to send: to whom, what, and the id of ours that travels with it."""

    message_id: MessageId
    to: Party
    content: Content
    group_id: str | None = None
    provider_media_id: str | None = None
    """The provider's id of the uploaded file, where the content names one of our own."""
    provider_media_ids: Mapping[str, str] = field(default_factory=dict)
    """Where the content names several of our own files (a carousel): the provider's id of each."""
    marketing: Marketing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The provider took it: its id, and the identities it revealed for the recipient."""

    provider_id: str
    party: Party | None = None
    held: bool = False
    """Accepted but held by the provider for a quality check."""
    exchange: Exchange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDelivery:
    """A raw delivery that comes in later."""

    due_at: datetime
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What decides whether a provider takes a file."""

    content_type: str
    size: int
    animated: bool = False
    """A picture that moves."""
    opus: bool = False
    """Sound in Opus, as voice notes are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One status the provider remembers for a message."""

    status: str
    at: float
    detail: str | None = None


class NumberProvider(Protocol):
    """One vendor's numbers, as an operator looks at them. Every call raises SendFailed."""

    async def health(self, access: ChannelAccess) -> NumberHealth:
        """How the number stands. What can't be asked is left open; a refused token is an answer too."""
        ...

    async def subscribe(self, access: ChannelAccess) -> None:
        """Have the account's webhooks come to us."""
        ...

    async def profile(self, access: ChannelAccess) -> JsonObject:
        """What people see of the business."""
        ...

    async def change_profile(self, access: ChannelAccess, change: JsonObject) -> None:
        """Change some of it."""
        ...


class SignupProvider(Protocol):
    """What Embedded Signup asks of a vendor. Every call raises SendFailed."""

    async def exchange(self, code: str) -> str:
        """The customer's token for the code that the page handed over."""
        ...

    async def accounts_of(self, token: str) -> frozenset[str]:
        """The accounts that a token was granted."""
        ...

    async def subscribe(self, access: ChannelAccess) -> None:
        """Have the account's webhooks come to us."""
        ...

    async def number(self, access: ChannelAccess) -> tuple[str, int]:
        """The number itself, and how many messages a second it may send."""
        ...

    async def register(self, access: ChannelAccess, pin: str) -> None:
        """Register the number with its PIN."""
        ...

    async def share(self, access: ChannelAccess, what: str) -> None:
        """Have the Business app share its contacts or its history."""
        ...


class ChannelDriver(Protocol):
    """One vendor's channel. `parse` and `check` are pure; the others do I/O with a deadline on each call."""

    kind: str

    def parse(self, body: bytes, received_at: datetime) -> Sequence[Inbound]:
        """Everything in one delivery. Never raises; one bad item never spoils its neighbours.

        `received_at` dates what the provider left without a time.
        """
        ...

    def check(self, content: Content) -> Sequence[Fault]:
        """What the provider would refuse, each with a JSON Pointer into the message object; empty when fine."""
        ...

    def check_file(self, kind: str, file: FileFacts) -> Sequence[Fault]:
        """Why the provider would refuse a file for a kind of message; empty when fine. A voice note's kind is `voice`.

        The pointer is the message's member of that kind.
        """
        ...

    def explain(self, error: ProviderError) -> SendFailed:
        """An error that came by webhook, in the terms of a failed send."""
        ...

    async def send(self, access: ChannelAccess, message: Outgoing) -> Receipt:
        """Hand one message to the provider. Raises SendFailed, nothing else."""
        ...

    async def mark_read(self, access: ChannelAccess, provider_id: str, *, typing: bool) -> None:
        """Tell the person that their message, and those before it, were read; and perhaps that we type.

        Doing it twice changes nothing more. Raises SendFailed.
        """
        ...

    async def history(self, access: ChannelAccess, provider_id: str) -> Sequence[HistoryEntry]:
        """The statuses the provider remembers for a message id it gave us; empty when it knows none."""
        ...

    def download(self, access: ChannelAccess, file: MediaFile) -> AsyncIterator[bytes]:
        """The bytes of an inbound file, in chunks. Raises SendFailed."""
        ...

    async def upload(self, access: ChannelAccess, data: bytes, content_type: str, filename: str) -> str:
        """Store a file with the provider; its id there. Raises SendFailed."""
        ...
