"""Fill a template: typed variables become Meta's components of a send, or faults that point at what is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from parley.core.errors import Fault, fault
from parley.core.json import JsonObject, JsonValue
from parley.modules.templates.compile.kinds import KINDS, PARAMETER
from parley.modules.templates.compile.plan import Plan, Slot
from parley.modules.templates.compile.reading import component, text, variables

CONTACT: Final = "contact"
"""The member of a text variable that stands for something known of the contact: `{"contact": "name"}`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """What came of filling: the components to send, or the faults."""

    components: list[JsonObject] = field(default_factory=list)
    faults: tuple[Fault, ...] = ()


Known = Mapping[str, str]
"""What is known of a contact, by the words that variables use: name, phone, language, username, fields.city."""


def fill(plan: Plan, components: JsonValue, given: JsonValue, known: Known, pointer: str) -> Filling:
    """Fill in what was given; `pointer` is where `variables` stands in the request."""
    if not isinstance(given, Mapping):
        return Filling(faults=(fault(pointer, "wrong_type", "Give an object of variables."),))
    faults = [*_unknown(plan, given, pointer)]
    values: dict[Slot, JsonObject] = {}
    for slot in plan.slots:
        read = _read(slot, given, known, pointer)
        if isinstance(read, Fault):
            faults.append(read)
        elif read is not None:
            values[slot] = read
    filled = _grouped(values)
    faults.extend(_too_long(components, values, pointer))
    if plan.cards:
        carousel = _carousel(plan, given, known, pointer)
        faults.extend(carousel.faults)
        filled.extend(carousel.components)
    return Filling(faults=_first_of_each(faults)) if faults else Filling(components=filled)


def _first_of_each(faults: list[Fault]) -> tuple[Fault, ...]:
    """One fault a place: a variable that fills two places is told about once."""
    return tuple({each.pointer: each for each in reversed(faults)}.values())[::-1]


def _unknown(plan: Plan, given: JsonObject, pointer: str) -> Iterator[Fault]:
    """What the template has no variable for."""
    tops = {slot.path[0] for slot in plan.slots} | ({plan.cards_key} if plan.cards else set())
    known = ", ".join(sorted(tops)) or "none"
    for name, value in given.items():
        if name not in tops:
            yield fault(f"{pointer}/{_step(name)}", "unknown_variable", f"The template's variables are: {known}.")
            continue
        inner = {slot.path[1] for slot in plan.slots if slot.path[0] == name and len(slot.path) > 1}
        if inner and isinstance(value, Mapping):
            for key in value:
                if key not in inner:
                    sentence = f"Buttons that take a value: {', '.join(sorted(inner))}."
                    yield fault(f"{pointer}/{name}/{_step(key)}", "unknown_variable", sentence)
        elif inner:
            yield fault(f"{pointer}/{name}", "wrong_type", "Give an object: the button's place, and its value.")


def _read(slot: Slot, given: JsonObject, known: Known, pointer: str) -> JsonObject | Fault | None:
    value: JsonValue = given
    for step in slot.path:
        value = value.get(step) if isinstance(value, Mapping) else None
    here = pointer + "".join(f"/{_step(each)}" for each in slot.path)
    if value is None:
        return fault(here, "missing", f"Give the variable {'.'.join(slot.path)}.") if slot.required else None
    if slot.kind == "text" and isinstance(value, Mapping):
        value = _of_contact(value, known)
        if value is None:
            sentence = "The contact has no such value; give a `default`, or write the text itself."
            return fault(here, "contact_value_missing", sentence)
    read = KINDS[slot.kind].read(value)
    return fault(here, "wrong_value", read) if isinstance(read, str) else read


def _of_contact(value: JsonObject, known: Known) -> str | None:
    """The contact's value that a variable asks for, or the default beside it."""
    wanted, default = value.get(CONTACT), value.get("default")
    if not isinstance(wanted, str) or set(value) - {CONTACT, "default"}:
        return None
    return known.get(wanted) or (default if isinstance(default, str) else None)


def _grouped(values: Mapping[Slot, JsonObject]) -> list[JsonObject]:
    """The components of Meta's send, each with its parameters in order."""
    groups: dict[tuple[str, int | None], dict[str, JsonValue]] = {}
    for slot, value in values.items():
        parameter = {**value, "parameter_name": slot.name} if slot.name is not None else value
        place = (slot.target, slot.index)
        if place not in groups:
            button = {"sub_type": slot.sub_type, "index": str(slot.index)} if slot.target == "button" else {}
            groups[place] = {"type": slot.target, **button, "parameters": []}
        parameters = groups[place]["parameters"]
        if isinstance(parameters, list):
            parameters.append(parameter)
    return list(groups.values())


def _too_long(components: JsonValue, values: Mapping[Slot, JsonObject], pointer: str) -> Iterator[Fault]:
    """Meta refuses a body of more than 1024 characters once it is filled in (132005)."""
    words = text(component(components, "BODY"), "text")
    filled = [str(value.get("text", "")) for slot, value in values.items() if slot.target == "body"]
    length = len(words) - sum(len(each) + 4 for each in variables(words)) + sum(map(len, filled))
    if filled and length > PARAMETER:
        sentence = f"Shorten the variables: the text has {length} characters once filled in; {PARAMETER} are possible."
        yield fault(pointer, "too_long", sentence)


def _carousel(plan: Plan, given: JsonObject, known: Known, pointer: str) -> Filling:
    """A card each, in order; a carousel whose cards take nothing may be left out."""
    here = f"{pointer}/{plan.cards_key}"
    value = given.get(plan.cards_key, [{} for _ in plan.cards])
    if not isinstance(value, list | tuple) or len(value) != len(plan.cards):
        return Filling(faults=(fault(here, "wrong_value", f"Give a list of {len(plan.cards)} cards."),))
    rendered: list[JsonObject] = []
    faults: list[Fault] = []
    for index, (card, one) in enumerate(zip(plan.cards, value, strict=True)):
        filled = fill(card, None, one, known, f"{here}/{index}")
        faults.extend(filled.faults)
        rendered.append({"card_index": index, "components": filled.components})
    return Filling(components=[{"type": "carousel", "cards": rendered}], faults=tuple(faults))


def _step(name: str) -> str:
    """A member's name as a step of a JSON Pointer."""
    return name.replace("~", "~0").replace("/", "~1")
