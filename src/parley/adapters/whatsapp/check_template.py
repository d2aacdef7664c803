"""What Meta would refuse in the sending of a template. The template's own text is not known here."""

from collections.abc import Iterator, Mapping
from typing import Final

from parley.adapters.whatsapp.limits import HEADER, PARAMETER, PARAMETER_BODY_ONLY
from parley.adapters.whatsapp.rules import Among, Count, Needs, Number, OneOf, Rule, Shape, Text, broken, places
from parley.core.errors import Fault, fault
from parley.core.json import JsonObject, JsonValue

COMPONENTS: Final = (
    "header",
    "body",
    "footer",
    "button",
    "carousel",
    "limited_time_offer",
    "tap_target_configuration",
    "order_status",
)
BUTTONS: Final = (
    "quick_reply",
    "url",
    "copy_code",
    "flow",
    "catalog",
    "mpm",
    "voice_call",
    "order_details",
    "otp",
    "reminder",
)
FILES: Final = frozenset({"image", "video", "document"})

RULES: Final[tuple[Rule, ...]] = (
    Needs("", ("name", "language")),
    Text("/name", 512),
    Shape("/name", r"[a-z0-9_]+", "Write the template's name with small letters, digits and underscores."),
    Needs("/language", ("code",)),
    Shape("/language/code", r"[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,4})*", "Give a language such as en or pt_BR."),
    Needs("/components/*", ("type",)),
)
PARAMETERS: Final[dict[str, tuple[Rule, ...]]] = {
    "text": (Needs("", ("text",)),),
    "currency": (
        Needs("", ("currency",)),
        Needs("/currency", ("fallback_value", "code", "amount_1000")),
        Number("/currency/amount_1000", -1e15, 1e15, whole=True),
        Shape("/currency/code", r"[A-Z]{3}", "Give a currency of ISO 4217, for example EUR."),
    ),
    "date_time": (Needs("", ("date_time",)), Needs("/date_time", ("fallback_value",))),
    "image": (Needs("", ("image",)), OneOf("/image", ("id", "link"))),
    "video": (Needs("", ("video",)), OneOf("/video", ("id", "link"))),
    "document": (Needs("", ("document",)), OneOf("/document", ("id", "link"))),
    "location": (
        Needs("", ("location",)),
        Needs("/location", ("latitude", "longitude")),
        Number("/location/latitude", -90, 90),
        Number("/location/longitude", -180, 180),
    ),
    "product": (Needs("", ("product",)), Needs("/product", ("product_retailer_id", "catalog_id"))),
    "payload": (Needs("", ("payload",)),),
    "coupon_code": (Needs("", ("coupon_code",)), Text("/coupon_code", 15)),
    "action": (
        Needs("", ("action",)),
        Count("/action/sections", 1, 10),
        Text("/action/sections/*/title", 24),
        Needs("/action/sections/*", ("product_items",)),
    ),
    "ttl_minutes": (Needs("", ("ttl_minutes",)), Number("/ttl_minutes", 1, 43_200, whole=True)),
    "limited_time_offer": (
        Needs("", ("limited_time_offer",)),
        Needs("/limited_time_offer", ("expiration_time_ms",)),
        Number("/limited_time_offer/expiration_time_ms", 1e12, 1e14, whole=True),
    ),
    "tap_target_configuration": (
        Needs("", ("tap_target_configuration",)),
        Needs("/tap_target_configuration/*", ("url", "title")),
    ),
    "group_id": (Needs("", ("group_id",)),),
    "order_status": (Needs("", ("order_status",)),),
}
ALLOWED: Final[dict[str, tuple[str, ...]]] = {
    "header": ("text", "image", "video", "document", "location", "product"),
    "body": ("text", "currency", "date_time"),
    "limited_time_offer": ("limited_time_offer",),
    "tap_target_configuration": ("tap_target_configuration",),
}
"""Kinds of parameters by component; components missing here take any."""
BUTTON_RULES: Final[tuple[Rule, ...]] = (Needs("", ("sub_type",)), Number("/index", 0, 9, whole=True))
CARDS: Final[tuple[Rule, ...]] = (
    Needs("", ("cards",)),
    Count("/cards", 2, 10),
    Needs("/cards/*", ("components",)),
)


def check_template(body: JsonObject, prefix: str) -> Iterator[Fault]:
    """The faults of a template message's body."""
    for rule in RULES:
        yield from broken(rule, body, prefix)
    components = body.get("components")
    if components is not None and not isinstance(components, list | tuple):
        yield fault(f"{prefix}/components", "wrong_type", "Give a list of components.")
        return
    yield from _components(components or (), f"{prefix}/components")
    yield from _names(body, prefix)


def _components(components: JsonValue, pointer: str) -> Iterator[Fault]:
    kinds = [_kind(component) for _, component in places(components, "/*", pointer)]
    longest = PARAMETER_BODY_ONLY if kinds == ["body"] else PARAMETER
    for here, component in places(components, "/*", pointer):
        if isinstance(component, Mapping):
            yield from _component(component, here, longest)


def _component(component: JsonObject, pointer: str, longest: int) -> Iterator[Fault]:
    kind = _kind(component)
    if kind not in COMPONENTS:
        if kind:
            yield fault(f"{pointer}/type", "not_allowed", f"Use one of: {', '.join(COMPONENTS)}.")
        return
    if kind == "button":
        yield from _button(component, pointer)
    if kind == "carousel":
        yield from _carousel(component, pointer)
    for here, parameter in places(component, "/parameters/*", pointer):
        if isinstance(parameter, Mapping):
            yield from _parameter(parameter, here, ALLOWED.get(kind, tuple(PARAMETERS)))
        else:
            yield fault(here, "wrong_type", "Give an object with `type` here.")
    limit = HEADER if kind == "header" else longest
    if kind in ("header", "body"):
        yield from broken(Text("/parameters/*/text", limit), component, pointer)


def _button(component: JsonObject, pointer: str) -> Iterator[Fault]:
    for rule in BUTTON_RULES:
        yield from broken(rule, component, pointer)
    sub_type = component.get("sub_type")
    if isinstance(sub_type, str) and sub_type.lower() not in BUTTONS:
        yield from broken(Among("/sub_type", BUTTONS), component, pointer)
    if "index" not in component:
        yield fault(f"{pointer}/index", "missing", "Give the button's place, counted from 0.")
    yield from broken(Text("/parameters/*/text", 2_000), component, pointer)


def _carousel(component: JsonObject, pointer: str) -> Iterator[Fault]:
    for rule in CARDS:
        yield from broken(rule, component, pointer)
    for here, components in places(component, "/cards/*/components", pointer):
        yield from _components(components, here)


def _parameter(parameter: JsonObject, pointer: str, allowed: tuple[str, ...]) -> Iterator[Fault]:
    kind = parameter.get("type")
    kind = kind.lower() if isinstance(kind, str) else None
    if kind not in allowed:
        yield fault(f"{pointer}/type", "not_allowed", f"Use one of: {', '.join(allowed)}.")
        return
    for rule in PARAMETERS[kind]:
        yield from broken(rule, parameter, pointer)


def _names(body: JsonObject, prefix: str) -> Iterator[Fault]:
    """Named and numbered parameters don't mix."""
    found = [
        (pointer, parameter)
        for pointer, component in places(body, "/components/*", prefix)
        if _kind(component) in ("header", "body")
        for pointer, parameter in places(component, "/parameters/*", pointer)
        if isinstance(parameter, Mapping) and parameter.get("type") == "text"
    ]
    named = [parameter for _, parameter in found if parameter.get("parameter_name")]
    if not named or len(named) == len(found):
        return
    for pointer, parameter in found:
        if not parameter.get("parameter_name"):
            sentence = "Give every parameter a name, or none: a template is named or numbered."
            yield fault(f"{pointer}/parameter_name", "missing", sentence)


def _kind(component: JsonValue) -> str:
    kind = component.get("type") if isinstance(component, Mapping) else None
    return kind.lower() if isinstance(kind, str) else ""
