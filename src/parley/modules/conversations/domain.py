"""Conversations and messages: how far a message came, who may speak, and when. Pure."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Literal
from uuid import UUID

import msgspec

from parley.core.content import Content
from parley.core.ids import ChannelId, ContactId, ConversationId, MessageId, WorkspaceId, parse_public
from parley.modules.channels.ports import Marketing


class Status(IntEnum):
    """How far a message came. The order is the whole rule: a message's status is the greatest it was ever given.

    So the same statuses give the same end in whatever order and however often they arrive. `FAILED` stands above
    `SENT` and below `DELIVERED`: it ends what was only sent, and is no news about what was delivered.
    """

    RECEIVED = 5
    QUEUED = 10
    SENDING = 20
    UNSURE = 25
    ACCEPTED = 30
    SENT = 31
    CANCELLED = 35
    FAILED = 40
    DELIVERED = 50
    READ = 60
    PLAYED = 70

    @property
    def public(self) -> str:
        """The word of the API: the provider's acceptance is already `sent`."""
        return "sent" if self is Status.ACCEPTED else self.name.lower()


PROVIDER_STATUS = {
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.READ,
    "played": Status.PLAYED,
    "failed": Status.FAILED,
}

Floor = Literal["bot", "person", "nobody"]

PHONE_HOLDS = timedelta(hours=24)
"""Who answered from the business's phone has the floor for so long after each message: a working day and its night."""
PERSON_HOLDS = timedelta(days=7)
"""Whom the bot handed over to, or who took the floor without saying for how long: over a weekend and a holiday."""

INTERACTIVE = 0
"""Priority of what answers somebody now."""
BULK = 1
"""Priority of campaigns and imports; leaves only when nothing interactive is due on its channel."""

WINDOW = timedelta(hours=24)
"""The customer service window (Meta): anything may be said within this of the person's last message."""
ENTRY_WINDOW = timedelta(hours=72)
"""The free entry point: counted from the first message of who came by an ad. It does not lengthen WINDOW."""

PAIR_INTERVAL = timedelta(seconds=6)
"""One message to one person every six seconds (Meta's pair rate) …"""
PAIR_BURST = 45
"""… with this many at once, paid back afterwards."""

FURTHEST = timedelta(days=90)
"""A message may be scheduled so far ahead; a campaign further off is not ready yet."""
LONGEST = timedelta(days=30)
"""A message may wait so long for its channel after its time has come (Meta keeps its own that long)."""
DEADLINE = timedelta(hours=24)
"""A message that could not leave in this time would come as a surprise; it fails instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A conversation as the message path needs it: one person on one channel."""

    workspace: WorkspaceId
    id: ConversationId
    channel: ChannelId
    contact: ContactId
    floor: Floor
    """Who took it last; `speaker` says who has it."""
    last_inbound_at: datetime | None
    pair_arrival: datetime | None
    floor_until: datetime | None = None
    quiet_since: UUID | None = None
    """The first message that waits for the person to pause."""
    quiet_until: datetime | None = None


class MessageBody(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is sealed of a message: the content, and with whom it was exchanged."""

    kind: str
    body: dict[str, object]
    party: dict[str, str] = {}
    context: str | None = None
    group_id: str | None = None
    forwarded: bool = False
    referral: dict[str, object] | None = None
    errors: list[dict[str, object]] = []
    metadata: dict[str, str] = {}
    callback: str | None = None
    """The caller's own `biz_opaque_callback_data`, told back in Cloud-API-shaped statuses, where ours stands."""
    marketing: Marketing | None = None
    """By the provider's way for marketing, as its sender asked."""
    beside: dict[str, object] | None = None
    """What the provider put beside the content of an arrived message, in its own words."""

    def content(self) -> Content:
        return Content(self.kind, self.body, self.context)  # type: ignore[arg-type]


CARRIERS = frozenset(("template", "interactive"))
"""Kinds of content that may name files inside: in a header, in the cards of a carousel."""


def own_files(value: object) -> list[tuple[str, UUID]]:
    """The files of ours (`med_…`) that a content names, wherever they stand."""
    if isinstance(value, dict):
        named = value.get("id")
        file = parse_public("med", named) if isinstance(named, str) else None
        here = [(str(named), file)] if file is not None else []
        return here + [each for member in value.values() for each in own_files(member)]
    return [each for member in value for each in own_files(member)] if isinstance(value, list) else []


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Something to be said: by flow, agent, campaign, API or façade alike."""

    thread: Thread
    content: Content
    to: dict[str, str]
    """The address: `phone`, `user_id` or `group_id`."""
    author: Literal["bot", "api", "agent", "campaign"] = "bot"
    marketing: bool = False
    way: Marketing | None = None
    """The provider's way for marketing, where it was asked for by name."""
    priority: int = INTERACTIVE
    metadata: dict[str, str] = field(default_factory=dict)
    callback: str | None = None
    expires_at: datetime | None = None
    send_at: datetime | None = None
    """When it is to leave; what may be said then is judged then."""
    stored: "Stored | None" = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A message that was kept for later: it has its id, and its body is sealed already."""

    id: MessageId
    body: bytes


@dataclass(frozen=True, slots=True)
class Admitted:
    """It may be said, from `due_at` on (the pair rate); `pair_arrival` is what the next one builds on."""

    due_at: datetime
    pair_arrival: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """It may not be said, and why."""

    code: Literal["window_closed", "opted_out", "bot_has_not_the_floor", "template_not_usable"]
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The floor of a conversation, given to `holder` until a moment; None: until somebody else takes it."""

    holder: Floor
    by: str
    """Who did it: `flow`, `phone`, or the actor of a request (`key_…`)."""
    until: datetime | None = None

    @property
    def silences(self) -> bool:
        """Whether the bot's unsent words are taken back: not when it gave the floor away itself, after them."""
        return self.holder != "bot" and self.by != BY_FLOW


BY_FLOW = "flow"
BY_PHONE = "phone"


def speaker(thread: Thread, now: datetime) -> Floor:
    """Who may speak now: when a lease is over, the bot again."""
    return "bot" if thread.floor_until is not None and thread.floor_until <= now else thread.floor


def window_open(last_inbound_at: datetime | None, now: datetime) -> bool | None:
    """Whether free-form messages are allowed. None: we never saw this person write, so only the provider knows."""
    return None if last_inbound_at is None else now - last_inbound_at < WINDOW


def admit(draft: Draft, *, opted_out: bool, now: datetime) -> Admitted | Refused:
    """Whether a draft may be said now, and from when."""
    if draft.marketing and opted_out:
        return _OPTED_OUT
    if draft.author == "bot" and speaker(draft.thread, now) != "bot":
        return Refused("bot_has_not_the_floor", "A person has taken this conversation over.")
    if draft.content.kind not in ("template", "reaction") and window_open(draft.thread.last_inbound_at, now) is False:
        return Refused(
            "window_closed", "This person wrote more than 24 hours ago; send a template until they write again."
        )
    return reserve(draft.thread.pair_arrival, now)


def admit_later(draft: Draft, *, opted_out: bool) -> Refused | None:
    """Why a draft may not even be kept for later. Window and floor are looked at when it leaves."""
    return _OPTED_OUT if draft.marketing and opted_out else None


_OPTED_OUT = Refused("opted_out", "This person opted out of marketing messages.")


def reserve(pair_arrival: datetime | None, now: datetime) -> Admitted:
    """The next slot of the pair rate (GCRA): at once within the burst, else when the burst is paid back."""
    arrival = max(pair_arrival or now, now) + PAIR_INTERVAL
    return Admitted(max(now, arrival - PAIR_BURST * PAIR_INTERVAL), arrival)


def after(thread: Thread, admitted: Admitted) -> Thread:
    """The conversation once this message is queued."""
    return replace(thread, pair_arrival=admitted.pair_arrival)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A message on its way, or kept for later."""

    id: MessageId
    thread: Thread
    at: datetime
    due_at: datetime
    content: Content
    scheduled_for: datetime | None = None
