"""Small pure operations on text."""

import re
import string
import unicodedata

_SPACES = re.compile(r"\s+")
_ASCII_MARKS = str.maketrans("", "", string.punctuation)


def fold(text: str) -> str:
    """A form in which `Stop!`, `STOP` and `ｓｔｏｐ` are equal: NFKC, case-folded, no punctuation, single spaces.

    Combining marks are kept, so that words of scripts written with them (Hindi, Arabic) stay themselves.
    """
    if text.isascii():
        return " ".join(text.lower().translate(_ASCII_MARKS).split())
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(c for c in folded if not unicodedata.category(c).startswith(("P", "S")))
    return _SPACES.sub(" ", kept).strip()


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, the last one `…` when something was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
