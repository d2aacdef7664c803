"""Conversations: messages in and out, their statuses, the window, and who has the floor."""

from parley.modules.conversations.domain import (
    BULK,
    INTERACTIVE,
    WINDOW,
    Draft,
    MessageBody,
    Queued,
    Status,
    Thread,
    speaker,
)
from parley.modules.conversations.events import StoredSession
from parley.modules.conversations.service.close import close
from parley.modules.conversations.service.crowding import Crowding
from parley.modules.conversations.service.deliver import Deliverer, Sender
from parley.modules.conversations.service.floor import Floors, answered_by_phone, hand_over
from parley.modules.conversations.service.follow_merge import join_conversations
from parley.modules.conversations.service.hear_consent import hear_consent
from parley.modules.conversations.service.mark_read import Receipts
from parley.modules.conversations.service.outcomes import NotTaken, Outcome, Outcomes, Taken
from parley.modules.conversations.service.parties import address_in
from parley.modules.conversations.service.read import (
    Heard,
    Message,
    Revision,
    StatusEntry,
    get_conversation,
    get_message,
    heard_since,
    list_messages,
    messages_of,
)
from parley.modules.conversations.service.read_deliveries import Reader
from parley.modules.conversations.service.reconcile import Reconciler
from parley.modules.conversations.service.say import Invalid, Speaker
from parley.modules.conversations.service.scheduler import Scheduler
from parley.modules.conversations.service.send import Desk, Group, Request, send, thread_with
from parley.modules.conversations.service.settle import Settler
from parley.modules.conversations.service.stand_ins import stand_ins_of
from parley.modules.conversations.service.sweep import Sweeper
from parley.modules.conversations.service.trace import Attempt, attempts_of
from parley.modules.conversations.service.traffic import cancel_queues
from parley.modules.conversations.shown import show_messages
from parley.modules.conversations.stand_in import read_stand_in, stand_in
from parley.modules.conversations.store.claims import depth as outbox_depth
from parley.modules.conversations.store.quiet import Held, due_answers, hold_answers, is_first
from parley.modules.conversations.store.threads import ConversationRow as Conversation
from parley.modules.conversations.store.threads import channels_of_conversations, lock_threads
from parley.modules.conversations.store.threads import conversations as list_conversations
from parley.modules.conversations.store.unsure import count as unsure_count

__all__ = [
    "BULK",
    "INTERACTIVE",
    "WINDOW",
    "Attempt",
    "Conversation",
    "Crowding",
    "Deliverer",
    "Desk",
    "Draft",
    "Floors",
    "Group",
    "Heard",
    "Held",
    "Invalid",
    "Message",
    "MessageBody",
    "NotTaken",
    "Outcome",
    "Outcomes",
    "Queued",
    "Reader",
    "Receipts",
    "Reconciler",
    "Request",
    "Revision",
    "Scheduler",
    "Sender",
    "Settler",
    "Speaker",
    "Status",
    "StatusEntry",
    "StoredSession",
    "Sweeper",
    "Taken",
    "Thread",
    "address_in",
    "answered_by_phone",
    "attempts_of",
    "cancel_queues",
    "channels_of_conversations",
    "close",
    "due_answers",
    "get_conversation",
    "get_message",
    "hand_over",
    "hear_consent",
    "heard_since",
    "hold_answers",
    "is_first",
    "join_conversations",
    "list_conversations",
    "list_messages",
    "lock_threads",
    "messages_of",
    "outbox_depth",
    "read_stand_in",
    "send",
    "show_messages",
    "speaker",
    "stand_in",
    "stand_ins_of",
    "thread_with",
    "unsure_count",
]
