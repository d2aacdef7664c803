"""PDF: the text of each page, under a heading with its number."""

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from parley.adapters.documents.text import read_text
from parley.core.time import elapsed_seconds
from parley.modules.knowledge import Block
from parley.modules.knowledge.ports import Unreadable

PAGES: Final = 1_000
SECONDS: Final = 120.0
"""For the whole file: well within the time that a worker holds a document."""


def read_pdf(content: bytes) -> Sequence[Block]:
    """The pages' paragraphs. Raises Unreadable; a scan without text comes out empty."""
    begun = elapsed_seconds()
    found: list[Block] = []
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("encrypted")
        if len(reader.pages) > PAGES:
            raise Unreadable("too_long")
        for number, page in enumerate(reader.pages, 1):
            if elapsed_seconds() - begun > SECONDS:
                raise Unreadable("too_slow")
            blocks = read_text(page.extract_text().encode())
            found += [Block(f"Page {number}", 1), *blocks] if blocks else []
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise Unreadable("unreadable") from error
    return found
