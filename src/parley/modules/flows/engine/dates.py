"""Reading a date as people type it: `2026-11-30`, `30.11.`, `30 November`, `tomorrow`."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import re2

from parley.core.text import fold

RELATIVE: Final = {
    **dict.fromkeys(("today", "hoy", "hoje", "heute", "aujourd hui", "aujourdhui", "oggi"), 0),
    **dict.fromkeys(("tomorrow", "manana", "mañana", "amanha", "amanhã", "morgen", "demain", "domani"), 1),
}
"""Days from today by word: English, Spanish, Portuguese, German, French, Italian."""

MONTHS: Final = {
    "en": "january february march april may june july august september october november december",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
}
"""Names of the months by language; English is understood everywhere, and so are beginnings from three letters on."""

YEARS_AHEAD = 100
"""Further dates are typing errors."""

_ISO = re2.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_NUMERIC = re2.compile(r"\b(\d{1,2})[./\-](\d{1,2})(?:[./\-](\d{4}|\d{2}))?(?:\D|$)")
_NAMED = re2.compile(r"(?i)\b(\d{1,2})(?:st|nd|rd|th|\.)?\s+(?:de\s+|of\s+)?(\pL{3,12})\.?(?:\s+(?:de\s+)?(\d{4}))?")
_NAMED_FIRST = re2.compile(r"(?i)\b(\pL{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?(?:\D|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who reads: the day it is, their language, and whether 3/4 is the fourth of March (else the third of April)."""

    today: date
    language: str
    month_first: bool = False


def find_date(text: str, reader: Reader) -> date | None:
    """The first date in a text; without a year, the next such day from today on."""
    return _relative(text, reader.today) or _iso(text) or _numeric(text, reader) or _named(text, reader)


def _relative(text: str, today: date) -> date | None:
    days = RELATIVE.get(fold(text))
    return None if days is None else today + timedelta(days=days)


def _iso(text: str) -> date | None:
    match = _ISO.search(text)
    return _date(int(match[1]), int(match[2]), int(match[3])) if match else None


def _numeric(text: str, reader: Reader) -> date | None:
    match = _NUMERIC.search(text)
    if match is None:
        return None
    day, month = int(match[1]), int(match[2])
    if (reader.month_first and day <= 12) or month > 12:  # noqa: PLR2004  # months of a year
        day, month = month, day
    return _complete(match[3], month, day, reader.today)


def _named(text: str, reader: Reader) -> date | None:
    for pattern, day_group, month_group in ((_NAMED, 1, 2), (_NAMED_FIRST, 2, 1)):
        for match in pattern.finditer(text):
            month = _month(match[month_group], reader.language)
            if month:
                return _complete(match[3], month, int(match[day_group]), reader.today)
    return None


def _month(name: str, language: str) -> int | None:
    lowered = name.casefold()
    known = (MONTHS.get(language.partition("-")[0].lower(), ""), MONTHS["en"])
    found = (number for names in known for number, full in enumerate(names.split(), 1) if full.startswith(lowered))
    return next(found, None)


def _complete(year: str | None, month: int, day: int, today: date) -> date | None:
    if year:
        return _date(int(year) + (2000 if len(year) == 2 else 0), month, day)  # noqa: PLR2004  # two digits
    this_year = _date(today.year, month, day)
    if this_year is not None and this_year < today:
        return _date(today.year + 1, month, day)
    return this_year


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
