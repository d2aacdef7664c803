"""Filters of our own, beside Liquid's: dates in a zone and language, numbers and money, phones, plural.

Each takes any value and gives back text; what it cannot read it leaves as it is, for a customer reads the result. A
language is a tag such as `contact.language`; a zone is an IANA name such as `contact.timezone`.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from liquid.exceptions import FilterArgumentError

from parley.core import phones
from parley.modules.flows.engine.dates import MONTHS
from parley.modules.flows.engine.words import POINT_LANGUAGES, read_number

WEEKDAYS: Final = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
}
SYMBOLS: Final = {"EUR": "€", "USD": "$", "GBP": "£", "BRL": "R$", "INR": "₹", "JPY": "¥", "MXN": "$", "CHF": "CHF"}
SYMBOL_FIRST: Final = POINT_LANGUAGES | {"pt"}
"""Languages that write the currency before the amount; the others write it after. Source: Unicode CLDR."""
WHOLE: Final = frozenset({"JPY", "KRW", "CLP", "VND", "PYG", "ISK"})
"""Currencies without a smaller unit. Source: ISO 4217."""
FEW: Final = frozenset({"ru", "uk", "pl", "cs", "sk", "hr", "sr"})
"""Languages with a form of their own for two to four. Source: Unicode CLDR, plural rules."""
MAX_DECIMALS: Final = 10
MAX_FORM: Final = 100
MAX_DAYS: Final = 36_525

_FORM = re.compile(r"(?:[^%]|%-?[aAbBdHIjmMpSuUyYzZ%])*\Z")
_NAMES = re.compile(r"%[AaBb]")


def date(value: object, form: object = "%Y-%m-%d", zone: object = None, *, lang: object = "en") -> str:
    """A date or moment in another form (strftime), in a zone: `date: '%A, %-d %B', contact.timezone, lang: 'es'`."""
    written = str(form)
    if len(written) > MAX_FORM or not _FORM.match(written):
        raise FilterArgumentError(f"{written!r} is no form of a date; an example is '%d %B %Y'", token=None)
    moment = _moment(value)
    if moment is None:
        return str(value)
    local = moment.astimezone(_zone(zone)) if zone and moment.tzinfo is not None else moment
    return local.strftime(_NAMES.sub(lambda match: _name(match[0], local, _primary(lang)), written))


def plus_days(value: object, days: object) -> str:
    """A date or moment some days later (or earlier, below 0), in the same spelling."""
    moment, count = _moment(value), read_number(str(days), "en")
    if moment is None or count is None or abs(count) > MAX_DAYS:
        return str(value)
    later = moment + timedelta(days=count)
    return later.date().isoformat() if "T" not in str(value) else later.isoformat()


def number(value: object, decimals: object = 0, *, lang: object = "en") -> str:
    """A number as people write it: `{{ 1234.5 | number: 2, lang: 'de' }}` is 1.234,50."""
    amount, places = _amount(value), read_number(str(decimals), "en")
    if amount is None or places is None:
        return str(value)
    plain = f"{amount:,.{max(0, min(MAX_DECIMALS, int(places)))}f}"
    return plain if _primary(lang) in POINT_LANGUAGES else plain.translate(str.maketrans(",.", ".,"))


def money(value: object, currency: object = "EUR", *, lang: object = "en") -> str:
    """An amount of money: `{{ 1234.5 | money: 'EUR', lang: 'de' }}` is 1.234,50 €."""
    code = str(currency).upper()[:3]
    if _amount(value) is None:
        return str(value)
    shown, symbol = number(value, 0 if code in WHOLE else 2, lang=lang), SYMBOLS.get(code, code)
    if _primary(lang) not in SYMBOL_FIRST:
        return f"{shown}\u00a0{symbol}"
    return f"{symbol}{'' if len(symbol) == 1 else chr(0xA0)}{shown}"


def phone(value: object) -> str:
    """A phone number as +15550001111."""
    return phones.normalise(str(value)) or str(value)


def digits(value: object) -> str:
    """Only the digits, as in https://wa.me/15550001111."""
    return "".join(character for character in str(value) if character.isdecimal())


def plural(value: object, one: object, other: object, few: object = None, *, lang: object = "en") -> str:
    """The word for so many: `{{ n }} {{ n | plural: 'order', 'orders' }}`; `few` where a language has such a form."""
    amount = _amount(value)
    if amount is None:
        return str(other)
    if few is not None and _primary(lang) in FEW:
        return str(_slavic(int(amount), _primary(lang), (one, few, other)))
    singular = amount in {0, 1} if _primary(lang) in {"fr", "pt"} else amount == 1
    return str(one if singular else other)


def _slavic(amount: int, language: str, forms: tuple[object, object, object]) -> object:
    one, few, other = forms
    tens, ones = amount % 100 // 10, amount % 10
    if language in {"cs", "sk"}:
        tens, ones = 0 if amount < 10 else 1, amount  # noqa: PLR2004  # ten and more take the last form
    if ones == 1 and (tens != 1 if language != "pl" else amount == 1):
        return one
    return few if ones in {2, 3, 4} and tens != 1 else other


def _amount(value: object) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return read_number(str(value), "en")


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None


def _zone(name: object) -> tzinfo:
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise FilterArgumentError(f"{name!r} is no time zone; write one as 'Europe/Berlin'", token=None) from None


def _primary(language: object) -> str:
    return str(language or "en").partition("-")[0].lower()


def _name(code: str, moment: datetime, language: str) -> str:
    """The name of a month or weekday, in a language that has them here; else English."""
    names = (WEEKDAYS if code in {"%A", "%a"} else MONTHS).get(language)
    if names is None or language == "en":
        return code
    full = names.split()[moment.weekday() if code in {"%A", "%a"} else moment.month - 1]
    if language == "de":
        full = full.capitalize()
    return full if code in {"%A", "%B"} else full[:3]


OWN: Final[Mapping[str, object]] = {
    each.__name__: each for each in (date, plus_days, number, money, phone, digits, plural)
}
"""By name; each is a function of the value and what stands after the colon."""
