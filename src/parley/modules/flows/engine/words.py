"""Reading what people type: the same word in another spelling, an address, a phone number, a number."""

import unicodedata

import re2

from parley.core import phones
from parley.core.text import fold

MAX_DIGITS = 15
"""A float keeps 15 digits exactly; longer runs are card or phone numbers, not amounts."""
POINT_LANGUAGES = frozenset({"en", "zh", "ja", "ko", "th", "he", "hi", "bn", "ta", "te", "ur", "ms", "sw"})
"""Languages that write 1,234.5; the others write 1.234,5. Source: Unicode CLDR, number symbols."""

_EMAIL = re2.compile(r"[A-Za-z0-9._%+'\-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.\-]{0,250}[A-Za-z0-9])?\.[A-Za-z]{2,24}")
_PHONE = re2.compile(r"(?:\+|00)?\d[\d \t().\-/]{5,24}\d")
_NUMBER = re2.compile(r"[+-]?\d[\d., '\x{a0}\x{202f}]*")


def key(text: str) -> str:
    """The spelling in which two words are compared: folded; what folds to nothing (an emoji, `?`) stays itself."""
    return fold(text) or text.strip().casefold()


def same(first: str, second: str) -> bool:
    """Whether two texts are the same words to a person."""
    return key(first) == key(second)


def find_email(text: str) -> str | None:
    """The first e-mail address in a text."""
    match = _EMAIL.search(text)
    found: str | None = match[0] if match else None
    return found


def find_phone(text: str) -> str | None:
    """The first phone number with its country code in a text, as E.164."""
    for match in _PHONE.finditer(text):
        number = phones.normalise(match[0])
        if number is not None:
            return number
    return None


def find_number(text: str, language: str) -> int | float | None:
    """The first number in a text, written as people of that language do (`1,234.5` or `1.234,5`; any digits)."""
    match = _NUMBER.search(_ascii_digits(text))
    return _number(match[0], language) if match else None


def read_number(text: str, language: str) -> int | float | None:
    """The number that a text is, and nothing else."""
    plain = _ascii_digits(text.strip())
    return _number(plain, language) if _NUMBER.fullmatch(plain) else None


def read_only_number(text: str, language: str) -> int | float | None:
    """The one number in a text (`2 people`); None where there are several, since any of them could be meant."""
    found = [match[0] for match in _NUMBER.finditer(_ascii_digits(text))]
    return _number(found[0], language) if len(found) == 1 else None


def clean(text: str) -> str:
    """The text without lone surrogates, which no encoding can carry on."""
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")


def _ascii_digits(text: str) -> str:
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if unicodedata.category(c) == "Nd" else c for c in text)


def _number(text: str, language: str) -> int | float | None:
    digits = "".join(c for c in text if c not in " '\u00a0\u202f").rstrip(".,")
    decimal = _decimal_mark(digits, language)
    whole, _, fraction = digits.rpartition(decimal) if decimal else (digits, "", "")
    whole = whole.replace(".", "").replace(",", "")
    if not 0 < len(whole.lstrip("+-")) + len(fraction) <= MAX_DIGITS:
        return None
    return float(f"{whole}.{fraction}") if fraction else int(whole)


def _decimal_mark(digits: str, language: str) -> str | None:
    """Which of `.` and `,` stands before the fraction, if any does."""
    point, comma = digits.count("."), digits.count(",")
    if point and comma:
        return "." if digits.rfind(".") > digits.rfind(",") else ","
    if point + comma != 1:
        return None
    mark = "." if point else ","
    ours = "." if language.partition("-")[0].lower() in POINT_LANGUAGES else ","
    looks_like_thousands = len(digits.rpartition(mark)[2]) == 3  # noqa: PLR2004  # 1.500 or 1,500
    return mark if mark == ours or not looks_like_thousands else None
