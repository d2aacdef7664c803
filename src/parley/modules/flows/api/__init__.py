"""Routes of flows, by resource."""

from parley.modules.flows.api import analytics, drafts, flows, sessions, simulations, versions

ROUTERS = (
    flows.router,
    analytics.router,
    drafts.router,
    versions.router,
    versions.queries,
    simulations.router,
    sessions.router,
    sessions.starts,
)
