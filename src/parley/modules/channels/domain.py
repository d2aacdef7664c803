"""Configured channels, and how fast each may send. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Literal
from zlib import crc32

from parley.core.errors import InvalidInput, fault
from parley.core.ids import ChannelId, WorkspaceId
from parley.core.phones import normalise

SHARDS = 64
"""Deliveries of one person share a shard, so that one worker at a time reads them in order."""
PARKED = 99
"""`attempts` of a delivery that waits for its channel to be configured."""
GIVE_UP_AFTER = 5
"""Attempts at a delivery that makes the reader fail; then it is kept aside and shown by `parley doctor`."""


class Queue(IntEnum):
    """Where a delivery waits to be read: nobody's reply may wait behind statuses, which nobody waits for."""

    PEOPLE = 0
    STATUSES = 1


RATES = {"STANDARD": 80, "HIGH": 1000, "COEXISTENCE": 20}
"""Messages a second by throughput level (Meta, throughput page, 2026)."""

MAX_ID = 64
MAX_RATE = 5000

TEST_KIND = "sandbox"
"""The kind of a workspace's test channel, which test keys use and no others."""
WIRE = {TEST_KIND: "whatsapp"}
"""Kinds that speak another's words: what comes in for them is read as that one's."""

ChannelState = Literal["active", "paused", "token_refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAccess:
    """What a driver needs to act for one configured channel. Holds the secret token: never logged."""

    number_id: str
    account_id: str
    number: str | None
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A number of a workspace. `access` holds the token."""

    id: ChannelId
    workspace: WorkspaceId
    kind: str
    access: ChannelAccess
    rate: int
    state: ChannelState
    state_code: int | None
    paused_until: datetime | None
    created_at: datetime
    marketing_messages: bool = False
    """Marketing templates go by the provider's way for marketing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marketing:
    """That a template leaves by the provider's way for marketing, where it has one, and how."""

    policy: Literal["CLOUD_API_FALLBACK", "STRICT"] = "CLOUD_API_FALLBACK"
    """What the provider does with what can't go that way: send it as any other message, or refuse it."""
    share_activity: bool | None = None
    """Whether the provider may learn from what people do with it; None: as the account says."""
    insists: bool = False
    """Somebody asked for this very way: when it refuses, they hear it, and no other is tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSeen:
    """When a channel last carried a message each way, to within a few seconds."""

    inbound_at: datetime | None = None
    outbound_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberHealth:
    """How a number stands at its provider, in the provider's words; None where it did not say."""

    token: Literal["valid", "refused", "unknown"]
    token_expires_at: int | None = None
    """Unix seconds; None when it does not expire, or is not known."""
    subscribed: bool | None = None
    """Whether the account's webhooks come to our app."""
    status: str | None = None
    name_status: str | None = None
    quality: str | None = None
    limit: str | None = None
    """How many people may be written to first in 24 hours: TIER_250, TIER_2K, TIER_10K, TIER_100K, TIER_UNLIMITED."""
    throughput: str | None = None
    coexistence: bool | None = None
    """The number is used in the Business app as well."""
    can_send: str | None = None
    """AVAILABLE, LIMITED or BLOCKED."""
    problem: int | None = None
    """The provider's code, where it did not answer."""
    name: str | None = None
    advice: str | None = None
    """What the provider says is wrong and may be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChannel:
    kind: str
    number_id: str
    account_id: str
    number: str
    token: str
    rate: int


def check_new(new: NewChannel) -> None:
    """Raises InvalidInput naming everything wrong."""
    faults = []
    for pointer, value in (("/phone_number_id", new.number_id), ("/waba_id", new.account_id)):
        if not 1 <= len(value) <= MAX_ID:
            faults.append(fault(pointer, "length", "Copy the id from WhatsApp Manager; it has 1 to 64 characters."))
    if normalise(new.number) is None:
        faults.append(fault("/number", "bad_number", "Write the number like +15550001111."))
    if not new.token.strip():
        faults.append(fault("/access_token", "missing", "Give the access token of the number's account."))
    if not 1 <= new.rate <= MAX_RATE:
        faults.append(fault("/throughput", "out_of_range", "The throughput is 1 to 5000 messages a second."))
    if faults:
        raise InvalidInput("The channel can't be added like this.", faults)


def shard_of(hint: bytes) -> int:
    """The shard of a delivery by whom it is about."""
    return crc32(hint) % SHARDS


def word_of(text: str) -> str:
    """A provider's word as a keyword: letters, digits and a few marks, beginning with a letter."""
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "_.:-") else "_" for c in text)[:120]
    return kept if kept[:1].isalpha() else f"x_{kept}"


def rate_of(health: NumberHealth) -> int:
    """How fast a number may send."""
    return RATES["COEXISTENCE"] if health.coexistence else RATES.get(health.throughput or "", RATES["STANDARD"])


ADVICE = {
    "token_refused": "The provider refuses the access token: give a new one by PATCH /v1/channels/{id}.",
    "paused": "Sending is stopped. When its cause is mended, PATCH /v1/channels/{id} with `state: active`.",
    "not_subscribed": "Webhooks don't come: POST /v1/channels/{id}/refresh subscribes the app again.",
    "not_connected": "The number is not registered at the provider: register it with its PIN.",
    "blocked": "The provider does not let this number send; `advice` has its words.",
}


def advice_of(channel: Channel, health: NumberHealth | None) -> str | None:
    """What somebody should do about a channel; None when all is well."""
    if channel.state != "active":
        return ADVICE[channel.state]
    if health is None:
        return None
    if health.token == "refused":
        return ADVICE["token_refused"]
    if health.subscribed is False:
        return ADVICE["not_subscribed"]
    if health.status not in (None, "CONNECTED"):
        return ADVICE["not_connected"]
    return ADVICE["blocked"] if health.can_send == "BLOCKED" else None
