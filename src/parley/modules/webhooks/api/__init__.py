"""Routes of facts, endpoints, deliveries and the catalogue."""

from parley.modules.webhooks.api import deliveries, endpoints, event_types, events, timeline

ROUTERS = (
    events.router,
    timeline.router,
    endpoints.router,
    deliveries.of_endpoints,
    event_types.of_endpoints,
    deliveries.router,
    event_types.router,
)
