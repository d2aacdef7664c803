"""Partners: what vendors who build on the API need to see of their use of it."""

from parley.modules.partners.domain import Entry, Exchange, agent_family, ids_among
from parley.modules.partners.service.keep import LogKeeper
from parley.modules.partners.service.record import Recorder

__all__ = ["Entry", "Exchange", "LogKeeper", "Recorder", "agent_family", "ids_among"]
