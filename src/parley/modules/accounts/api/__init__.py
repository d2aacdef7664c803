"""Routes of API keys, and of the apps that partners make."""

from parley.modules.accounts.api.apps import ROUTERS as APPS
from parley.modules.accounts.api.keys import ROUTERS as KEYS

ROUTERS = (*KEYS, *APPS)
