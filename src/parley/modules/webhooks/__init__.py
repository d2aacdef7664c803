"""Webhooks: the public catalogue of facts, the feed of those that happened, and the endpoints that are told of them."""

from parley.modules.webhooks.service.deliver import Delivering, WebhookDeliverer
from parley.modules.webhooks.service.fan_out import FanOut
from parley.modules.webhooks.service.rules import EndpointRules
from parley.modules.webhooks.service.sweep import WebhookSweeper
from parley.modules.webhooks.store.feed import StoredEvent, keep_events, list_events
from parley.modules.webhooks.store.queue import waiting as webhooks_waiting

__all__ = [
    "Delivering",
    "EndpointRules",
    "FanOut",
    "StoredEvent",
    "WebhookDeliverer",
    "WebhookSweeper",
    "keep_events",
    "list_events",
    "webhooks_waiting",
]
