"""Facts about conversations and messages."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from parley.core.events import Event
from parley.core.ids import ContactId, MessageId
from parley.modules.channels.inbound import InboundMessage
from parley.modules.conversations.domain import Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationOpened(Event):
    """The first message between a person and a channel, or the first one after it was closed."""

    kind: ClassVar[str] = "conversation.opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationClosed(Event):
    """Nothing is left to do in a conversation."""

    kind: ClassVar[str] = "conversation.closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationHandedOver(Event):
    """The floor went from the bot to people, or to the business's phone."""

    kind: ClassVar[str] = "conversation.handed_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorChanged(Event):
    """Another one speaks now. `detail` has the holder (bot, person, nobody), who it was, by whom, and until when."""

    kind: ClassVar[str] = "conversation.floor_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageArrived(Event):
    """A message was stored. What it says rides along for this unit's reactions and is not stored with the fact."""

    message_id: MessageId
    thread: Thread
    arrival: InboundMessage
    to: dict[str, str]
    """The address an answer goes to."""
    session: "StoredSession | None" = None
    channel_kind: str = "whatsapp"

    @property
    def author(self) -> ContactId:
        """Whose words these are; in a group not the conversation's own contact."""
        return ContactId(self.contact or self.thread.contact)

    @property
    def is_live(self) -> bool:
        """Written by the person just now: neither history nor an echo of the business's own words."""
        return self.arrival.origin == "live" and not self.arrival.outbound


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(MessageArrived):
    """A person wrote."""

    kind: ClassVar[str] = "message.received"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEchoed(MessageArrived):
    """The business wrote from its phone."""

    kind: ClassVar[str] = "message.echoed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageImported(MessageArrived):
    """A message of the time before this channel was connected."""

    kind: ClassVar[str] = "message.imported"


@dataclass(frozen=True, slots=True)
class StoredSession:
    """The flow session waiting in this conversation, still sealed: read along with the conversation."""

    id: UUID
    flow_id: UUID
    flow_version: int
    version: int
    effect_id: UUID | None
    timer_at: datetime | None
    state: bytes
    began_with: UUID | None = None
    """The first message of a turn that has done nothing yet but ask the world, and can be begun again."""
    began_state: bytes | None = None
    """The session before that turn; None: it began with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited(Event):
    """The words of a message were changed; the earlier ones are kept."""

    kind: ClassVar[str] = "message.edited"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRevoked(Event):
    """A message was withdrawn by who wrote it."""

    kind: ClassVar[str] = "message.revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageQueued(Event):
    """A message is on its way."""

    kind: ClassVar[str] = "message.queued"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRefused(Event):
    """Something was not said, and `detail` says why."""

    kind: ClassVar[str] = "message.refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(Event):
    """The provider took the message."""

    kind: ClassVar[str] = "message.sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDelivered(Event):
    """It is on the person's device."""

    kind: ClassVar[str] = "message.delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRead(Event):
    """The person read it."""

    kind: ClassVar[str] = "message.read"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePlayed(Event):
    """The person played a voice message."""

    kind: ClassVar[str] = "message.played"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFailed(Event):
    """`detail` has the provider's code."""

    kind: ClassVar[str] = "message.failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageCancelled(Event):
    """It was taken back before it left."""

    kind: ClassVar[str] = "message.cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageUnsure(Event):
    """The provider may or may not have it."""

    kind: ClassVar[str] = "message.unsure"
