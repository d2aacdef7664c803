"""Partners: what vendors who build on the API need to see of their use of it, and others' APIs on our message path."""

from parley.modules.partners.domain import Entry, Exchange, agent_family, ids_among
from parley.modules.partners.facade import media_ids, pages
from parley.modules.partners.facade.asked import Asked, check_product, read_marketing, read_message
from parley.modules.partners.facade.refusals import MetaRefusal, refusal_of, unknown_object, unknown_path
from parley.modules.partners.facade.send import queue_message, refusal_told
from parley.modules.partners.service.keep import LogKeeper
from parley.modules.partners.service.record import Recorder

__all__ = [
    "Asked",
    "Entry",
    "Exchange",
    "LogKeeper",
    "MetaRefusal",
    "Recorder",
    "agent_family",
    "check_product",
    "ids_among",
    "media_ids",
    "pages",
    "queue_message",
    "read_marketing",
    "read_message",
    "refusal_of",
    "refusal_told",
    "unknown_object",
    "unknown_path",
]
