"""Buttons of a new template: their kinds, counts, order and texts."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from parley.adapters.whatsapp.check_definition_texts import VARIABLE
from parley.adapters.whatsapp.rules import Among, Count, Needs, Rule, Shape, Text, broken, places
from parley.core.errors import Fault, fault
from parley.core.json import JsonObject

BUTTON: Final = 25
PHONE: Final = 20
URL: Final = 2_000
BUTTONS: Final = (
    "QUICK_REPLY",
    "URL",
    "PHONE_NUMBER",
    "COPY_CODE",
    "OTP",
    "FLOW",
    "CATALOG",
    "MPM",
    "SPM",
    "VOICE_CALL",
    "ORDER_DETAILS",
    "REQUEST_CONTACT_INFO",
    "APP",
)
MOST_OF_A_KIND: Final = {"PHONE_NUMBER": 1, "URL": 2, "COPY_CODE": 1}

_BUTTON: Final[dict[str, tuple[Rule, ...]]] = {
    "QUICK_REPLY": (Needs("", ("text",)), Text("/text", BUTTON)),
    "URL": (
        Needs("", ("text", "url")),
        Text("/text", BUTTON),
        Text("/url", URL),
        Shape("/url", r"https?://\S+", "Give a web address that begins with https://."),
    ),
    "PHONE_NUMBER": (Needs("", ("text", "phone_number")), Text("/text", BUTTON), Text("/phone_number", PHONE)),
    "COPY_CODE": (Needs("", ("example",)),),
    "FLOW": (Needs("", ("text",)), Text("/text", BUTTON)),
    "OTP": (
        Needs("", ("otp_type",)),
        Among("/otp_type", ("COPY_CODE", "ONE_TAP", "ZERO_TAP", "copy_code", "one_tap", "zero_tap")),
    ),
}


def check_buttons(component: JsonObject, here: str) -> Iterator[Fault]:
    yield from broken(Needs("", ("buttons",)), component, here)
    yield from broken(Count("/buttons", 1, 10), component, here)
    kinds: list[str] = []
    for place, button in places(component, "/buttons/*", here):
        kind = str(button.get("type", "")).upper() if isinstance(button, Mapping) else ""
        if not isinstance(button, Mapping) or kind not in BUTTONS:
            yield fault(f"{place}/type", "not_allowed", f"Use one of: {', '.join(BUTTONS)}.")
            continue
        kinds.append(kind)
        if kinds.count(kind) > MOST_OF_A_KIND.get(kind, 10):
            yield fault(f"{place}/type", "too_many", f"A template has at most {MOST_OF_A_KIND[kind]} {kind} buttons.")
        for rule in _BUTTON.get(kind, ()):
            yield from broken(rule, button, place)
        if kind == "URL":
            yield from _url(button, place)
    if _interleaved(kinds):
        sentence = "Put all quick replies together, before or after the other buttons."
        yield fault(f"{here}/buttons", "interleaved", sentence)


def _url(button: JsonObject, here: str) -> Iterator[Fault]:
    url = str(button.get("url", ""))
    found = VARIABLE.findall(url)
    if len(found) > 1 or (found and not url.rstrip().endswith("}}")):
        yield fault(f"{here}/url", "not_allowed", "An address has one variable at most, at its end.")
    elif found and not button.get("example"):
        yield fault(f"{here}/example", "missing", "Give an example of the whole address.")


def _interleaved(kinds: Sequence[str]) -> bool:
    replies = [kind == "QUICK_REPLY" for kind in kinds]
    return sum(one != next_ for one, next_ in pairwise(replies)) > 1
