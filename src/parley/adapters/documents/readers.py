"""Which reader reads which kind of document."""

from collections.abc import Mapping
from typing import Final

from parley.adapters.documents.html import read_html
from parley.adapters.documents.markdown import read_markdown
from parley.adapters.documents.pdf import read_pdf
from parley.adapters.documents.text import read_text
from parley.modules.knowledge.ports import DocumentReader

READERS: Final[Mapping[str, DocumentReader]] = {
    "text": read_text,
    "markdown": read_markdown,
    "html": read_html,
    "pdf": read_pdf,
}
