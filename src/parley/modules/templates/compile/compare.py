"""Meta's components of a send held against the template: what Meta would refuse with 132000, 132012 or 131008."""

from collections.abc import Iterator

from parley.core.errors import Fault, fault
from parley.core.json import JsonObject, JsonValue
from parley.modules.templates.compile.plan import Plan, Slot
from parley.modules.templates.compile.reading import objects, text


def compare(plan: Plan, given: JsonValue, pointer: str) -> list[Fault]:
    """The faults of the components of a send; `pointer` is where they stand in the request."""
    return list(_faults(plan, given, pointer))


def _faults(plan: Plan, given: JsonValue, pointer: str) -> Iterator[Fault]:
    places = list(enumerate(objects(given)))
    for target in ("header", "body"):
        wanted = [slot for slot in plan.slots if slot.target == target]
        found = next(((at, each) for at, each in places if text(each, "type").lower() == target), None)
        yield from _words(wanted, found, (target, pointer))
    yield from _buttons(plan, places, pointer)
    carousel = next(((at, each) for at, each in places if text(each, "type").lower() == "carousel"), None)
    if plan.cards:
        yield from _cards(plan, carousel, pointer)


def _words(wanted: list[Slot], found: tuple[int, JsonObject] | None, place: tuple[str, str]) -> Iterator[Fault]:
    target, pointer = place
    given = objects(found[1].get("parameters")) if found else []
    here = f"{pointer}/{found[0]}/parameters" if found else pointer
    if len(given) != len(wanted):
        sentence = f"The template's {target} takes {len(wanted)} parameters; there are {len(given)}."
        yield fault(here, "wrong_count", sentence)
        return
    names = {slot.name for slot in wanted if slot.name is not None}
    for at, (slot, parameter) in enumerate(zip(wanted, given, strict=True)):
        if names and text(parameter, "parameter_name") not in names:
            sentence = f"Name the parameter: one of {', '.join(sorted(names))}."
            yield fault(f"{here}/{at}/parameter_name", "unknown_variable", sentence)
        elif slot.kind not in ("text", "code") and text(parameter, "type").lower() != slot.kind:
            yield fault(f"{here}/{at}/type", "wrong_value", f"The template's {target} is of type {slot.kind}.")


def _buttons(plan: Plan, places: list[tuple[int, JsonObject]], pointer: str) -> Iterator[Fault]:
    given = {str(each.get("index")) for _, each in places if text(each, "type").lower() == "button"}
    for slot in plan.slots:
        if slot.target == "button" and slot.required and str(slot.index) not in given:
            sentence = f"The button at place {slot.index} takes a parameter; give a component of type button for it."
            yield fault(pointer, "missing", sentence)


def _cards(plan: Plan, found: tuple[int, JsonObject] | None, pointer: str) -> Iterator[Fault]:
    given = objects(found[1].get("cards")) if found else []
    if found is None or len(given) != len(plan.cards):
        here = f"{pointer}/{found[0]}/cards" if found else pointer
        yield fault(here, "wrong_count", f"The template's carousel has {len(plan.cards)} cards; give each of them.")
        return
    for at, (card, one) in enumerate(zip(plan.cards, given, strict=True)):
        yield from _faults(card, one.get("components"), f"{pointer}/{found[0]}/cards/{at}/components")
