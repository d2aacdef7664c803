"""Header, footer and offer of a new template, and the variables of its texts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from parley.adapters.whatsapp.rules import Needs, Number, Text, broken
from parley.core.errors import Fault, fault
from parley.core.json import JsonObject, JsonValue

HEADER: Final = 60
FOOTER: Final = 60
OFFER: Final = 16
FORMATS: Final = ("TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION", "PRODUCT", "GIF")
VARIABLE: Final = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


def check_header(component: JsonObject, here: str) -> Iterator[Fault]:
    shape = str(component.get("format", "")).upper()
    if shape not in FORMATS:
        yield fault(f"{here}/format", "not_allowed", f"Use one of: {', '.join(FORMATS)}.")
        return
    if shape == "TEXT":
        yield from broken(Needs("", ("text",)), component, here)
        yield from broken(Text("/text", HEADER), component, here)
        text = component.get("text")
        if isinstance(text, str):
            if len(set(VARIABLE.findall(text))) > 1:
                yield fault(f"{here}/text", "too_many", "A header has one variable at most.")
            yield from check_variables(text, component, (f"{here}/text", "header_text"))
    elif shape in ("IMAGE", "VIDEO", "DOCUMENT", "GIF"):
        example = component.get("example")
        handle = example.get("header_handle") if isinstance(example, Mapping) else None
        if not handle:
            sentence = "Give a sample file: example.header_handle, a list of one: a file (med_…) or Meta's handle."
            yield fault(f"{here}/example/header_handle", "missing", sentence)


def check_footer(component: JsonObject, here: str) -> Iterator[Fault]:
    if "code_expiration_minutes" in component:
        yield from broken(Number("/code_expiration_minutes", 1, 90, whole=True), component, here)
        return
    yield from broken(Needs("", ("text",)), component, here)
    yield from broken(Text("/text", FOOTER), component, here)
    if VARIABLE.search(str(component.get("text"))):
        yield fault(f"{here}/text", "not_allowed", "A footer has no variables.")


def check_offer(component: JsonObject, here: str) -> Iterator[Fault]:
    yield from broken(Needs("", ("limited_time_offer",)), component, here)
    yield from broken(Needs("/limited_time_offer", ("text",)), component, here)
    yield from broken(Text("/limited_time_offer/text", OFFER), component, here)


def check_variables(text: str, component: JsonObject, place: tuple[str, str]) -> Iterator[Fault]:
    """Variables are all numbered from 1 without a gap, or all named; each has an example."""
    pointer, member = place
    found = list(dict.fromkeys(VARIABLE.findall(text)))
    numbered = [each for each in found if each.isdecimal()]
    if numbered and len(numbered) < len(found):
        yield fault(pointer, "mixed_variables", "Number all variables, or name all.")
    elif numbered and sorted(map(int, numbered)) != list(range(1, len(numbered) + 1)):
        yield fault(pointer, "variables_not_in_order", "Number the variables from {{1}} on, without a gap.")
    elif any(not _NAME.match(each) for each in found if each not in numbered):
        yield fault(pointer, "wrong_format", "Name variables with small letters, digits and underscores.")
    elif found and len(_given(component, member)) < len(found):
        where = f"{pointer.removesuffix('/text')}/example/{member}{'' if numbered else '_named_params'}"
        yield fault(where, "missing", f"Give an example for each of the {len(found)} variables.")


def _given(component: JsonObject, member: str) -> Sequence[JsonValue]:
    example = component.get("example")
    if not isinstance(example, Mapping):
        return ()
    given = example.get(member) or example.get(f"{member}_named_params")
    if isinstance(given, list) and given and isinstance(given[0], list):
        given = given[0]
    return given if isinstance(given, list) else ()
