"""Wire shapes of messages and conversations."""

from parley.modules.conversations.schemas.floor import FloorGiven
from parley.modules.conversations.schemas.sending import (
    BatchError,
    BatchItem,
    BatchRequest,
    BatchResult,
    MessageRequest,
    QueuedMessage,
)
from parley.modules.conversations.schemas.shown import ConversationShape, MessageShape

__all__ = [
    "BatchError",
    "BatchItem",
    "BatchRequest",
    "BatchResult",
    "ConversationShape",
    "FloorGiven",
    "MessageRequest",
    "MessageShape",
    "QueuedMessage",
]
