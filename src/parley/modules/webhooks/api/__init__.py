"""Routes of facts, endpoints and deliveries."""

from parley.modules.webhooks.api import endpoints, events

ROUTERS = (events.router, endpoints.router)
