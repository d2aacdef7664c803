"""The routes of messages and conversations."""

from parley.modules.conversations.api.conversations import router as conversations
from parley.modules.conversations.api.floor import router as floor
from parley.modules.conversations.api.messages import router as messages
from parley.modules.conversations.api.receipts import router as receipts

ROUTERS = (messages, receipts, conversations, floor)
