"""Plain text: paragraphs between empty lines."""

import re
from collections.abc import Sequence
from typing import Final

from parley.modules.knowledge import Block

_BREAK: Final = re.compile(r"\n\s*\n")


def decoded(content: bytes) -> str:
    """Text of a file: what a byte order mark says, else UTF-8, else the Windows code page that Office writes."""
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding).replace("\x00", "")
        except UnicodeDecodeError:
            continue
    return content.decode(errors="replace").replace("\x00", "")


def read_text(content: bytes) -> Sequence[Block]:
    """The paragraphs."""
    whole = decoded(content).replace("\r\n", "\n")
    return [Block(part.strip()) for part in _BREAK.split(whole) if part.strip()]
