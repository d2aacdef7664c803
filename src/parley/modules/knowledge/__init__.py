"""Knowledge: documents that answers are drawn from, kept sealed, found by words and by meaning."""

from parley.modules.knowledge.domain import Block, Document, Passage
from parley.modules.knowledge.service.documents import NewDocument, add_document
from parley.modules.knowledge.service.search import Finder
from parley.modules.knowledge.service.take_in import KnowledgeWorker

__all__ = ["Block", "Document", "Finder", "KnowledgeWorker", "NewDocument", "Passage", "add_document"]
