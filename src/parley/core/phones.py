"""Phone numbers as E.164 text (`+` and 7 to 15 digits), and the spellings that mean one person."""

import re

_NOISE = re.compile(r"[\s\-().\u2010-\u2015/]+")
_E164 = re.compile(r"\+[1-9]\d{6,14}\Z")


def normalise(text: str) -> str | None:
    """E.164 of a number written with or without `+`, spaces, dashes, brackets or a leading 00; None if it is none."""
    digits = _NOISE.sub("", text)
    digits = digits.removeprefix("00")
    if not digits.startswith("+"):
        digits = "+" + digits
    return digits if _E164.match(digits) else None


def canonical(number: str) -> str:
    """The one spelling used to recognise a person: Brazil with its 9, Argentina and Mexico without the mobile prefix.

    WhatsApp names the same person by either spelling (Brazil's ninth digit, Argentina's 9, Mexico's 1), so identity
    is looked up by this form; the spelling received is the one that is written to.
    """
    if number.startswith("+55") and len(number) == 13 and number[5] in "6789":
        return number[:5] + "9" + number[5:]
    if number.startswith("+549") and len(number) == 14:
        return "+54" + number[4:]
    if number.startswith("+521") and len(number) == 14:
        return "+52" + number[4:]
    return number
