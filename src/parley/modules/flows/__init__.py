"""Flows: definitions, versions, triggers, sessions. The engine inside is pure."""

from parley.modules.flows.service.apply_sprint import Hands
from parley.modules.flows.service.converse import Conversing
from parley.modules.flows.service.import_flow import Imported, import_flow
from parley.modules.flows.service.resume import Resuming
from parley.modules.flows.service.shelf import Shelf

__all__ = ["Conversing", "Hands", "Imported", "Resuming", "Shelf", "import_flow"]
