"""Webhooks: the public catalogue of facts, the feed of those that happened, and the endpoints that are told of them."""

from parley.modules.webhooks.domain import Endpoint
from parley.modules.webhooks.service.deliver import Delivering, WebhookDeliverer
from parley.modules.webhooks.service.endpoints import (
    Change,
    NewEndpoint,
    change_endpoint,
    create_endpoint,
    list_endpoints,
)
from parley.modules.webhooks.service.fan_out import FanOut
from parley.modules.webhooks.service.rules import EndpointRules
from parley.modules.webhooks.service.sweep import WebhookSweeper
from parley.modules.webhooks.store.feed import StoredEvent, keep_events, list_events
from parley.modules.webhooks.store.queue import waiting as webhooks_waiting

__all__ = [
    "Change",
    "Delivering",
    "Endpoint",
    "EndpointRules",
    "FanOut",
    "NewEndpoint",
    "StoredEvent",
    "WebhookDeliverer",
    "WebhookSweeper",
    "change_endpoint",
    "create_endpoint",
    "keep_events",
    "list_endpoints",
    "list_events",
    "webhooks_waiting",
]
