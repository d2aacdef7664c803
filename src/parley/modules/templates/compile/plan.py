"""Which variables a template has: where a caller writes each, and which of Meta's parameters it becomes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from parley.core.json import JsonObject, JsonValue
from parley.modules.templates.compile.kinds import SlotKind
from parley.modules.templates.compile.reading import buttons, cards, component, text, variables, word

Target = Literal["header", "body", "button", "limited_time_offer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One variable."""

    path: tuple[str, ...]
    """Where it stands in `variables`: `("first_name",)`, `("header",)`, `("buttons", "0")`."""
    kind: SlotKind
    target: Target
    required: bool = True
    name: str | None = None
    """In a template with named parameters: its name."""
    index: int | None = None
    sub_type: str | None = None
    example: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All variables of a template, or of one card of its carousel."""

    slots: tuple[Slot, ...]
    cards: tuple["Plan", ...] = ()
    cards_key: str = "cards"

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to fill in."""
        return not self.slots and not self.cards


_MEDIA: Final[dict[str, SlotKind]] = {
    "IMAGE": "image",
    "VIDEO": "video",
    "GIF": "video",
    "DOCUMENT": "document",
    "LOCATION": "location",
    "PRODUCT": "product",
}
_BUTTONS: Final[dict[str, tuple[SlotKind, str, bool]]] = {
    "COPY_CODE": ("coupon", "copy_code", True),
    "QUICK_REPLY": ("payload", "quick_reply", False),
    "FLOW": ("form", "flow", False),
    "CATALOG": ("catalog", "catalog", False),
    "MPM": ("products", "mpm", True),
    "ORDER_DETAILS": ("order", "order_details", True),
    "VOICE_CALL": ("minutes", "voice_call", False),
}
"""Buttons that take a parameter: its kind, the sub_type, and whether it must be given."""
_TEXT_EXAMPLES: Final = {"HEADER": "header_text", "BODY": "body_text"}


def plan_of(components: JsonValue, category: str | None) -> Plan:
    """The variables of a template's components."""
    if category == "AUTHENTICATION":
        return Plan(slots=tuple(_code(components)))
    body = list(_words(components, "BODY"))
    names = {slot.path[0] for slot in body}
    header = list(_header(components, _free("header", names)))
    names |= {slot.path[0] for slot in header}
    offer = component(components, "LIMITED_TIME_OFFER").get("limited_time_offer")
    more: list[Slot] = []
    if isinstance(offer, dict) and offer.get("has_expiration"):
        path = (_free("offer_expires_at", names),)
        more.append(Slot(path=path, kind="moment", target="limited_time_offer", example="2027-01-31T23:59:59Z"))
    more.extend(_buttons(components, _free("buttons", names)))
    within = tuple(plan_of(card.get("components"), None) for card in cards(components))
    return Plan(slots=(*header, *body, *more), cards=within, cards_key=_free("cards", names))


def _free(key: str, taken: set[str]) -> str:
    """A key of ours that a variable of the template already has gets an underscore after it."""
    while key in taken:
        key += "_"
    return key


def _header(components: JsonValue, key: str) -> Iterator[Slot]:
    header = component(components, "HEADER")
    kind = _MEDIA.get(word(header, "format"))
    if kind is not None:
        yield Slot(path=(key,), kind=kind, target="header")
        return
    for slot in _words(components, "HEADER"):
        # A header has one variable at most; when it is numbered, its number is that of the body's first as well.
        path = (key,) if slot.name is None else slot.path
        yield Slot(path=path, kind="text", target="header", name=slot.name, example=slot.example)


def _words(components: JsonValue, kind: Literal["HEADER", "BODY"]) -> Iterator[Slot]:
    part = component(components, kind)
    found = variables(text(part, "text"))
    named = any(not each.isdecimal() for each in found)
    examples = _examples(part, _TEXT_EXAMPLES[kind])
    target: Target = "header" if kind == "HEADER" else "body"
    for place, each in enumerate(found if named else sorted(found, key=int)):
        example = examples.get(each) or examples.get(str(place + 1))
        yield Slot(path=(each,), kind="text", target=target, name=each if named else None, example=example)


def _examples(part: JsonObject, member: str) -> dict[str, str]:
    """The examples given with a text, by name or number."""
    given = part.get("example")
    if not isinstance(given, dict):
        return {}
    numbered = given.get(member)
    if isinstance(numbered, list) and numbered and isinstance(numbered[0], list):
        numbered = numbered[0]
    found = {str(at + 1): str(each) for at, each in enumerate(numbered)} if isinstance(numbered, list) else {}
    named = given.get(f"{member}_named_params")
    for each in named if isinstance(named, list) else ():
        if isinstance(each, dict):
            found[text(each, "param_name")] = text(each, "example")
    return found


def _buttons(components: JsonValue, key: str) -> Iterator[Slot]:
    for index, button in buttons(components):
        path = (key, str(index))
        kind = word(button, "type")
        if kind == "URL" and variables(text(button, "url")):
            yield Slot(path=path, kind="suffix", target="button", index=index, sub_type="url")
        elif kind in _BUTTONS:
            slot, sub_type, required = _BUTTONS[kind]
            yield Slot(path=path, kind=slot, target="button", index=index, sub_type=sub_type, required=required)


def _code(components: JsonValue) -> Iterator[Slot]:
    """An authentication template has the code only, in its text and on its button."""
    yield Slot(path=("code",), kind="code", target="body", example="123456")
    for index, button in buttons(components):
        if word(button, "type") in ("OTP", "URL", "COPY_CODE"):
            yield Slot(path=("code",), kind="code", target="button", index=index, sub_type="url", example="123456")
