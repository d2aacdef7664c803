"""What Meta would refuse in a new template: lengths, counts, variables and their examples. State of September 2026."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from parley.adapters.whatsapp.check_definition_buttons import check_buttons
from parley.adapters.whatsapp.check_definition_texts import check_footer, check_header, check_offer, check_variables
from parley.adapters.whatsapp.rules import Among, Count, Needs, Rule, Shape, Text, broken, places
from parley.core.errors import Fault, fault
from parley.core.json import JsonObject, JsonValue
from parley.modules.templates.ports import NewTemplate

BODY: Final = 1_024
OFFER_BODY: Final = 600
CARD_BODY: Final = 160
CARD_BUTTONS: Final = 2
CATEGORIES: Final = ("MARKETING", "UTILITY", "AUTHENTICATION")
COMPONENTS: Final = (
    "HEADER",
    "BODY",
    "FOOTER",
    "BUTTONS",
    "CAROUSEL",
    "LIMITED_TIME_OFFER",
    "CALL_PERMISSION_REQUEST",
)
TTL: Final = {"AUTHENTICATION": (30, 900), "UTILITY": (30, 43_200), "MARKETING": (43_200, 2_592_000)}
"""Seconds that a message may wait for delivery, by category; -1 is thirty days."""
LONGEST_WAIT: Final = -1

_EDGES = re.compile(r"\A\s*\{\{[^{}]*\}\}|\{\{[^{}]*\}\}\s*\Z")
_ADJACENT = re.compile(r"\}\}\s*\{\{")

_HEAD: Final[tuple[Rule, ...]] = (
    Needs("", ("name", "language", "category", "components")),
    Text("/name", 512),
    Shape("/name", r"[a-z0-9_]+", "Write the name with small letters, digits and underscores."),
    Shape("/language", r"[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,4})*", "Give a language such as en or pt_BR."),
    Among("/category", CATEGORIES),
)


def check_definition(template: NewTemplate) -> list[Fault]:
    """The faults of a new template, one for each place; empty when Meta should take it for review."""
    body: JsonObject = {
        "name": template.name,
        "language": template.language,
        "category": template.category,
        "components": template.components,
    }
    found = [each for rule in _HEAD for each in broken(rule, body, "")]
    found.extend(_lifetime(template))
    found.extend(_components(template, template.components, "/components"))
    return list({each.pointer: each for each in reversed(found)}.values())[::-1]


def _lifetime(template: NewTemplate) -> Iterator[Fault]:
    least, most = TTL.get(template.category, (0, 0))
    seconds = template.ttl_seconds
    if seconds is not None and most and seconds != LONGEST_WAIT and not least <= seconds <= most:
        sentence = f"For {template.category} give {least} to {most} seconds."
        yield fault("/message_send_ttl_seconds", "out_of_range", sentence)


def _components(
    template: NewTemplate, components: JsonValue, pointer: str, *, in_card: bool = False
) -> Iterator[Fault]:
    kinds: list[str] = []
    for here, each in places(components, "/*", pointer):
        kind = str(each.get("type", "")).upper() if isinstance(each, Mapping) else ""
        if not isinstance(each, Mapping) or kind not in COMPONENTS:
            yield fault(f"{here}/type", "not_allowed", f"Use one of: {', '.join(COMPONENTS)}.")
        elif kind in kinds:
            yield fault(f"{here}/type", "not_unique", f"A template has one {kind}.")
        else:
            kinds.append(kind)
            longest = CARD_BODY if in_card else OFFER_BODY if _has(components, "LIMITED_TIME_OFFER") else BODY
            yield from _one(template, (kind, each, here), longest)
    if "BODY" not in kinds and not in_card:
        yield fault(pointer, "missing", "Give a BODY.")
    if "LIMITED_TIME_OFFER" in kinds and "FOOTER" in kinds:
        yield fault(pointer, "not_allowed", "A limited-time offer has no FOOTER.")


def _has(components: JsonValue, kind: str) -> bool:
    return any(
        isinstance(each, Mapping) and str(each.get("type")).upper() == kind for _, each in places(components, "/*", "")
    )


def _one(template: NewTemplate, part: tuple[str, JsonObject, str], longest: int) -> Iterator[Fault]:
    kind, component, here = part
    if kind == "BODY":
        yield from _body(template, component, here, longest)
    elif kind == "CAROUSEL":
        yield from _carousel(template, component, here)
    elif kind in _PARTS:
        yield from _PARTS[kind](component, here)


def _body(template: NewTemplate, component: JsonObject, here: str, longest: int) -> Iterator[Fault]:
    if template.category == "AUTHENTICATION":
        if "text" in component:
            yield fault(
                f"{here}/text", "not_allowed", "Meta writes the text of authentication templates; leave it out."
            )
        return
    yield from broken(Needs("", ("text",)), component, here)
    yield from broken(Text("/text", longest), component, here)
    text = component.get("text")
    if isinstance(text, str):
        yield from check_variables(text, component, (f"{here}/text", "body_text"))
        if _EDGES.search(text):
            yield fault(f"{here}/text", "variable_at_edge", "Write words before the first and after the last variable.")
        if _ADJACENT.search(text):
            yield fault(f"{here}/text", "variables_adjacent", "Write words between two variables.")


def _carousel(template: NewTemplate, component: JsonObject, here: str) -> Iterator[Fault]:
    yield from broken(Needs("", ("cards",)), component, here)
    yield from broken(Count("/cards", 2, 10), component, here)
    layouts: list[tuple[str, ...]] = []
    for place, card in places(component, "/cards/*", here):
        within = card.get("components") if isinstance(card, Mapping) else None
        layouts.append(_layout(within))
        yield from _components(template, within, f"{place}/components", in_card=True)
        buttons = sum(1 for _ in places(within, "/*/buttons/*", ""))
        if buttons > CARD_BUTTONS:
            yield fault(f"{place}/components", "too_many", "A card has at most two buttons.")
        if layouts[-1] != layouts[0]:
            yield fault(place, "not_allowed", "Give all cards the same header, text and buttons in kind.")


def _layout(components: JsonValue) -> tuple[str, ...]:
    parts = [
        (str(each.get("type")), str(each.get("format")))
        for _, each in places(components, "/*", "")
        if isinstance(each, Mapping)
    ]
    buttons = [str(each.get("type")) for _, each in places(components, "/*/buttons/*", "") if isinstance(each, Mapping)]
    return tuple(word.upper() for pair in parts for word in pair) + tuple(each.upper() for each in buttons)


_PARTS: Final[dict[str, Callable[[JsonObject, str], Iterator[Fault]]]] = {
    "HEADER": check_header,
    "FOOTER": check_footer,
    "BUTTONS": check_buttons,
    "LIMITED_TIME_OFFER": check_offer,
}
