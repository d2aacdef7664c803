"""Routes of flows, by resource."""

from parley.modules.flows.api import drafts, flows, simulations, versions

ROUTERS = (flows.router, drafts.router, versions.router, versions.queries, simulations.router)
