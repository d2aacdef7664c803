"""Routes of flows, by resource."""

from parley.modules.flows.api import flows

ROUTERS = (flows.router,)
