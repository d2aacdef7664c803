"""Webhooks: the public catalogue of facts, the feed of those that happened, and the endpoints that are told of them."""

from parley.modules.webhooks.asyncapi import describe_events
from parley.modules.webhooks.catalogue import schema_of_type as event_schema
from parley.modules.webhooks.catalogue import sentences as event_types
from parley.modules.webhooks.domain import Endpoint
from parley.modules.webhooks.service.compose import Composer
from parley.modules.webhooks.service.deliver import Delivering, WebhookDeliverer
from parley.modules.webhooks.service.endpoints import (
    Change,
    NewEndpoint,
    change_endpoint,
    create_endpoint,
    list_endpoints,
)
from parley.modules.webhooks.service.fan_out import FanOut
from parley.modules.webhooks.service.handshake import Handshaking
from parley.modules.webhooks.service.preview import Previewer
from parley.modules.webhooks.service.rules import EndpointRules
from parley.modules.webhooks.service.sweep import WebhookSweeper
from parley.modules.webhooks.signature_check import check as check_signature
from parley.modules.webhooks.store.feed import StoredEvent, keep_events, list_events
from parley.modules.webhooks.store.lanes import Trouble as WebhookTrouble
from parley.modules.webhooks.store.lanes import trouble as webhook_trouble
from parley.modules.webhooks.store.queue import waiting as webhooks_waiting
from parley.modules.webhooks.telling import Dialect, Telling

__all__ = [
    "Change",
    "Composer",
    "Delivering",
    "Dialect",
    "Endpoint",
    "EndpointRules",
    "FanOut",
    "Handshaking",
    "NewEndpoint",
    "Previewer",
    "StoredEvent",
    "Telling",
    "WebhookDeliverer",
    "WebhookSweeper",
    "WebhookTrouble",
    "change_endpoint",
    "check_signature",
    "create_endpoint",
    "describe_events",
    "event_schema",
    "event_types",
    "keep_events",
    "list_endpoints",
    "list_events",
    "webhook_trouble",
    "webhooks_waiting",
]
