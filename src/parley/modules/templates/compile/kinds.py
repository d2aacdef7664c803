"""The kinds of variables: the JSON Schema of each, and how a value becomes one of Meta's parameters."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from parley.core.json import JsonObject, JsonValue

SlotKind = Literal[
    "text",
    "image",
    "video",
    "document",
    "location",
    "product",
    "suffix",
    "code",
    "coupon",
    "payload",
    "form",
    "catalog",
    "products",
    "order",
    "minutes",
    "moment",
]

PARAMETER: Final = 1_024
SUFFIX: Final = 2_000
CODE: Final = 15
PAYLOAD: Final = 256
LINK: Final = 2_048
MINUTES: Final = 43_200
SECTIONS: Final = 10

Read = Callable[[JsonValue], "JsonObject | str"]
"""A value as Meta's parameter, or the sentence that says what to do about it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of variable."""

    schema: JsonObject
    read: Read


def _words(member: str, most: int, *, kind: str | None = None) -> Kind:
    def read(value: JsonValue) -> JsonObject | str:
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            return "Give a text here."
        if not value.strip():
            return "Write something here; it must not be empty."
        if len(value) > most:
            return f"Shorten it to at most {most} characters; it has {len(value)}."
        return {"type": kind or member, member: value}

    return Kind({"type": ["string", "integer"], "minLength": 1, "maxLength": most, "pattern": r"\S"}, read)


def _file(member: str, *, named: bool = False) -> Kind:
    allowed = {"id", "link", *(("filename",) if named else ())}

    def read(value: JsonValue) -> JsonObject | str:
        if not isinstance(value, Mapping):
            return 'Give a file: {"id": "med_…"} or {"link": "https://…"}.'
        if set(value) - allowed or not all(isinstance(each, str) and each for each in value.values()):
            return f"Give only {', '.join(sorted(allowed))}, each a text."
        if ("id" in value) == ("link" in value):
            return "Give exactly one of `id` or `link`."
        link = value.get("link")
        if isinstance(link, str) and (not link.startswith(("https://", "http://")) or len(link) > LINK):
            return "Give a web address that begins with https://."
        return {"type": member, member: dict(value)}

    filename: dict[str, JsonValue] = {"filename": {"type": "string", "minLength": 1}} if named else {}
    members: dict[str, JsonValue] = {
        "id": {"type": "string", "minLength": 1, "description": "A file of yours (`med_…`), or the provider's id."},
        "link": {"type": "string", "maxLength": LINK, "pattern": "^https?://"},
        **filename,
    }
    schema: JsonObject = {
        "type": "object",
        "properties": members,
        "additionalProperties": False,
        "oneOf": [{"required": ["id"]}, {"required": ["link"]}],
    }
    return Kind(schema, read)


def _object(members: dict[str, JsonValue], required: tuple[str, ...], sentence: str, wrap: Read) -> Kind:
    """An object whose needed members are there; what is inside them is the provider's to judge."""

    def read(value: JsonValue) -> JsonObject | str:
        if not isinstance(value, Mapping) or set(value) - set(members):
            return sentence
        if any(value.get(name) in (None, "", [], {}) for name in required):
            return sentence
        wrong = [name for name, each in value.items() if not _fits(each, members[name])]
        return sentence if wrong else wrap(value)

    return Kind(
        {"type": "object", "properties": members, "required": list(required), "additionalProperties": False}, read
    )


_PYTHON: Final[dict[str, tuple[type, ...]]] = {
    "string": (str,),
    "number": (int, float),
    "object": (Mapping,),
    "array": (list, tuple),
}


def _fits(value: JsonValue, schema: JsonValue) -> bool:
    """Whether a value is of a member's type and within its bounds."""
    if not isinstance(schema, Mapping) or isinstance(value, bool):
        return False
    if not isinstance(value, _PYTHON[str(schema["type"])]):
        return False
    least, most = schema.get("minimum"), schema.get("maximum")
    if isinstance(value, int | float) and isinstance(least, int) and isinstance(most, int):
        return least <= value <= most
    fewest, largest = schema.get("minItems", schema.get("minLength", 0)), schema.get("maxItems")
    size = len(value) if isinstance(value, str | list | tuple) else 1
    return (not isinstance(fewest, int) or size >= fewest) and (not isinstance(largest, int) or size <= largest)


def _read_minutes(value: JsonValue) -> JsonObject | str:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MINUTES:
        return f"Give a whole number of minutes from 1 to {MINUTES}."
    return {"type": "ttl_minutes", "ttl_minutes": value}


def _read_moment(value: JsonValue) -> JsonObject | str:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        return "Give a time like 2026-11-23T15:04:05Z."
    return {
        "type": "limited_time_offer",
        "limited_time_offer": {"expiration_time_ms": int(moment.timestamp() * 1_000)},
    }


def _action(value: JsonValue) -> JsonObject:
    return {"type": "action", "action": value}


_TEXT: JsonObject = {"type": "string", "minLength": 1}
_LOCATION: dict[str, JsonValue] = {
    "latitude": {"type": "number", "minimum": -90, "maximum": 90},
    "longitude": {"type": "number", "minimum": -180, "maximum": 180},
    "name": _TEXT,
    "address": _TEXT,
}

KINDS: Final[dict[SlotKind, Kind]] = {
    "text": _words("text", PARAMETER),
    "image": _file("image"),
    "video": _file("video"),
    "document": _file("document", named=True),
    "location": _object(
        _LOCATION,
        tuple(_LOCATION),
        "Give latitude and longitude as numbers, and a name and an address.",
        lambda value: {"type": "location", "location": value},
    ),
    "product": _object(
        {"product_retailer_id": _TEXT, "catalog_id": _TEXT},
        ("product_retailer_id", "catalog_id"),
        "Give `product_retailer_id` and `catalog_id`.",
        lambda value: {"type": "product", "product": value},
    ),
    "suffix": _words("text", SUFFIX),
    "code": _words("text", CODE),
    "coupon": _words("coupon_code", CODE),
    "payload": _words("payload", PAYLOAD),
    "form": _object(
        {"flow_token": _TEXT, "flow_action_data": {"type": "object"}},
        (),
        "Give `flow_token` as a text and `flow_action_data` as an object, or leave them out.",
        _action,
    ),
    "catalog": _object(
        {"thumbnail_product_retailer_id": _TEXT},
        ("thumbnail_product_retailer_id",),
        "Give `thumbnail_product_retailer_id`.",
        _action,
    ),
    "products": _object(
        {
            "thumbnail_product_retailer_id": _TEXT,
            "sections": {"type": "array", "minItems": 1, "maxItems": SECTIONS, "items": {"type": "object"}},
        },
        ("thumbnail_product_retailer_id", "sections"),
        "Give `thumbnail_product_retailer_id`, and 1 to 10 `sections` of products.",
        _action,
    ),
    "order": _object(
        {"order_details": {"type": "object", "minProperties": 1}},
        ("order_details",),
        "Give the order as `order_details`.",
        _action,
    ),
    "minutes": Kind({"type": "integer", "minimum": 1, "maximum": MINUTES}, _read_minutes),
    "moment": Kind({"type": "string", "format": "date-time"}, _read_moment),
}
