"""The JSON Schema of a template's variables: what `variables` of a send must look like."""

from collections.abc import Iterator

from parley.core.json import JsonObject, JsonValue
from parley.modules.templates.compile.fill import CONTACT
from parley.modules.templates.compile.kinds import KINDS
from parley.modules.templates.compile.plan import Plan, Slot

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_OF_CONTACT: JsonObject = {
    "type": "object",
    "description": "Something known of the contact, with what to write when it is not known.",
    "properties": {
        CONTACT: {"type": "string", "examples": ["name", "phone", "fields.city"]},
        "default": {"type": "string", "minLength": 1},
    },
    "required": [CONTACT],
    "additionalProperties": False,
}


def schema_of(plan: Plan, title: str) -> JsonObject:
    """The schema of all variables of a template."""
    return {"$schema": DIALECT, "title": title, **_object(plan)}


def _object(plan: Plan) -> JsonObject:
    members: dict[str, JsonValue] = {}
    required: list[str] = []
    for key, slots in _by_key(plan.slots):
        if len(slots[0].path) > 1:
            members[key] = _places(slots)
        else:
            members[key] = _one(slots[0])
        if any(slot.required for slot in slots):
            required.append(key)
    if plan.cards:
        members[plan.cards_key] = _cards(plan)
        if any(not _may_be_empty(card) for card in plan.cards):
            required.append(plan.cards_key)
    return {"type": "object", "properties": members, "required": required, "additionalProperties": False}


def _by_key(slots: tuple[Slot, ...]) -> Iterator[tuple[str, list[Slot]]]:
    for key in dict.fromkeys(slot.path[0] for slot in slots):
        yield key, [slot for slot in slots if slot.path[0] == key]


def _places(slots: list[Slot]) -> JsonObject:
    """The buttons, by their place."""
    return {
        "type": "object",
        "description": "The values of buttons, by the button's place counted from 0.",
        "properties": {slot.path[1]: _one(slot) for slot in slots},
        "required": [slot.path[1] for slot in slots if slot.required],
        "additionalProperties": False,
    }


def _one(slot: Slot) -> JsonObject:
    schema = KINDS[slot.kind].schema
    examples: JsonObject = {"examples": [slot.example]} if slot.example is not None else {}
    if slot.kind == "text":
        return {"anyOf": [schema, _OF_CONTACT], **examples}
    return {**schema, **examples}


def _cards(plan: Plan) -> JsonObject:
    count = len(plan.cards)
    return {
        "type": "array",
        "description": "One object a card, in order.",
        "prefixItems": [_object(card) for card in plan.cards],
        "minItems": count,
        "maxItems": count,
    }


def _may_be_empty(plan: Plan) -> bool:
    return not any(slot.required for slot in plan.slots)
