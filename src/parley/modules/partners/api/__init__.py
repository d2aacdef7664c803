"""The routes of partners."""

from parley.modules.partners.api.logs import router as logs
from parley.modules.partners.api.logs import settings
from parley.modules.partners.api.trace import router as trace

ROUTERS = (logs, settings, trace)
