"""Reading a date as people type it: `2026-11-30`, `30.11.`, `30 November`, `tomorrow`."""

from datetime import date, timedelta
from typing import Final

import re2

from parley.core.text import fold

RELATIVE: Final = {
    **dict.fromkeys(("today", "hoy", "hoje", "heute", "aujourd hui", "aujourdhui", "oggi"), 0),
    **dict.fromkeys(("tomorrow", "manana", "mañana", "amanha", "amanhã", "morgen", "demain", "domani"), 1),
}
"""Days from today by word: English, Spanish, Portuguese, German, French, Italian."""

MONTHS: Final = (
    ("jan", "ene", "gen"),
    ("feb", "fev", "fév"),
    ("mar", "mär"),
    ("apr", "abr", "avr"),
    ("may", "mai", "mag"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "ago", "aoû", "aou"),
    ("sep", "set"),
    ("oct", "okt", "out", "ott"),
    ("nov",),
    ("dec", "dez", "dic", "déc"),
)
"""How the months begin in the same six languages."""

YEARS_AHEAD = 100
"""Further dates are typing errors."""

_ISO = re2.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_NUMERIC = re2.compile(r"\b(\d{1,2})[./\-](\d{1,2})(?:[./\-](\d{4}|\d{2}))?(?:\D|$)")
_NAMED = re2.compile(r"(?i)\b(\d{1,2})(?:st|nd|rd|th|\.)?\s+(?:de\s+|of\s+)?(\pL{3,12})\.?(?:\s+(?:de\s+)?(\d{4}))?")
_NAMED_FIRST = re2.compile(r"(?i)\b(\pL{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?(?:\D|$)")


def find_date(text: str, today: date, *, month_first: bool = False) -> date | None:
    """The first date in a text; without a year, the next such day from `today` on.

    `month_first` decides 3/4: the fourth of March for Americans, else the third of April.
    """
    return _relative(text, today) or _iso(text) or _numeric(text, today, month_first=month_first) or _named(text, today)


def _relative(text: str, today: date) -> date | None:
    days = RELATIVE.get(fold(text))
    return None if days is None else today + timedelta(days=days)


def _iso(text: str) -> date | None:
    match = _ISO.search(text)
    return _date(int(match[1]), int(match[2]), int(match[3])) if match else None


def _numeric(text: str, today: date, *, month_first: bool) -> date | None:
    match = _NUMERIC.search(text)
    if match is None:
        return None
    day, month = int(match[1]), int(match[2])
    if (month_first and day <= 12) or month > 12:  # noqa: PLR2004  # months of a year
        day, month = month, day
    return _complete(match[3], month, day, today)


def _named(text: str, today: date) -> date | None:
    for pattern, day_group, month_group in ((_NAMED, 1, 2), (_NAMED_FIRST, 2, 1)):
        for match in pattern.finditer(text):
            month = _month(match[month_group])
            if month:
                return _complete(match[3], month, int(match[day_group]), today)
    return None


def _month(name: str) -> int | None:
    lowered = name.casefold()
    found = (number for number, starts in enumerate(MONTHS, 1) if lowered.startswith(starts))
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
