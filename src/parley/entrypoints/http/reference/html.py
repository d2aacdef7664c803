"""HTML, written from values so that nothing unescaped gets into a page."""

from collections.abc import Iterable
from functools import cache
from html import escape
from typing import TypeAlias

from markdown_it import MarkdownIt


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


Part: TypeAlias = "str | Html | Iterable[Part]"
"""What stands in an element: text, HTML, or several of them."""


def tag(name: str, /, *inside: Part, **attributes: str) -> Html:
    """An element. `class_` is written `class`; other underscores become dashes."""
    told = "".join(f' {_attribute(key)}="{escape(value)}"' for key, value in attributes.items())
    return Html(f"<{name}{told}>{joined(inside)}</{name}>")


def joined(parts: Part) -> Html:
    """Parts one after the other."""
    if isinstance(parts, Html):
        return parts
    if isinstance(parts, str):
        return Html(escape(parts))
    return Html("".join(joined(each) for each in parts))


def prose(text: str) -> Html:
    """Paragraphs written in Markdown; HTML in them stays text."""
    return Html(_markdown().render(text))


def sentence(text: str) -> Html:
    """One line of Markdown."""
    return Html(_markdown().renderInline(text))


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")
