"""Markdown (CommonMark with tables): read as the HTML it stands for."""

from collections.abc import Sequence

from markdown_it import MarkdownIt

from parley.adapters.documents.html import blocks_of
from parley.adapters.documents.text import decoded
from parley.modules.knowledge import Block


def read_markdown(content: bytes) -> Sequence[Block]:
    """Headings and paragraphs."""
    return blocks_of(MarkdownIt("commonmark").enable("table").render(decoded(content)))
