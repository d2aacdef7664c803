"""HTML: headings, paragraphs, list items and rows of tables; what nobody reads is left out."""

from collections.abc import Sequence
from typing import Final

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

from parley.adapters.documents.text import decoded
from parley.modules.knowledge import Block
from parley.modules.knowledge.ports import Unreadable

_UNREAD: Final = ("script", "style", "noscript", "template", "svg", "nav", "iframe", "form", "head")
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_LINES: Final = frozenset(
    {
        *("p", "li", "pre", "blockquote", "dt", "dd", "figcaption", "caption", "div", "section", "article", "main"),
        *("body", "ul", "ol", "dl", "table", "thead", "tbody", "br", "hr", "header", "footer", "aside", "address"),
        *("details", "summary"),
    }
)
"""Tags that begin a line of their own."""


def read_html(content: bytes) -> Sequence[Block]:
    """Headings and paragraphs. Raises Unreadable."""
    return blocks_of(decoded(content))


def blocks_of(html: str) -> Sequence[Block]:
    """Headings and paragraphs of a page. Raises Unreadable for one nested beyond reason."""
    try:
        soup = BeautifulSoup(html, "html.parser")
        for each in soup.find_all(_UNREAD):
            each.decompose()
        walk = _Walk()
        walk.go(soup)
        walk.close()
        return [block for block in walk.found if block.text]
    except RecursionError:
        raise Unreadable("unreadable") from None


class _Walk:
    """Blocks in their order: a heading, or text up to the next tag that begins a line."""

    def __init__(self) -> None:
        self.found: list[Block] = []
        self._waiting: list[str] = []

    def close(self) -> None:
        """The paragraph ends here."""
        text = " ".join("".join(self._waiting).split())
        self._waiting.clear()
        if text:
            self.found.append(Block(text))

    def go(self, tag: Tag) -> None:
        """Read what is inside a tag."""
        for child in tag.children:
            if isinstance(child, Tag):
                self._meet(child)
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                self._waiting.append(str(child))

    def _meet(self, tag: Tag) -> None:
        if tag.name in _HEADINGS or tag.name == "tr":
            self.close()
            cells = tag.find_all(["th", "td"]) if tag.name == "tr" else [tag]
            words = [" ".join(cell.get_text().split()) for cell in cells]
            self.found.append(Block(" | ".join(filter(None, words)), _HEADINGS.get(tag.name)))
        elif tag.name in _LINES:
            self.close()
            self.go(tag)
            self.close()
        else:
            self.go(tag)
