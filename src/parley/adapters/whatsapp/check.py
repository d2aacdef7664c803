"""What Meta would refuse, found before sending. Every fault points into the message object of the API."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from parley.adapters.whatsapp.check_template import check_template
from parley.adapters.whatsapp.limits import CARD_LINES, INTERACTIVE, LIST_ROWS, PRODUCTS, RULES
from parley.adapters.whatsapp.rules import Needs, OneOf, broken, places
from parley.core.content import KINDS, Content
from parley.core.errors import Fault, fault
from parley.core.json import JsonObject, JsonValue

MAX_DEPTH: Final = 32
"""No message of Meta's nests half as deep."""

_EMOJI_CATEGORIES = frozenset({"So", "Sk", "Cs"})
_HEADER_MEDIA = ("image", "video", "document")


def check(content: Content) -> list[Fault]:
    """The faults of a content, one for each place; empty when Meta should take it."""
    if content.kind not in KINDS:
        return [fault("/type", "not_allowed", f"Use one of: {', '.join(KINDS)}.")]
    # The API's member `contacts` is a list; it stands in our body under the same name.
    prefix = "" if content.kind == "contacts" else f"/{content.kind}"
    if _nests_deeper(content.body, MAX_DEPTH):
        return [fault(prefix, "too_deep", f"Nest objects and lists at most {MAX_DEPTH} levels deep.")]
    first: dict[str, Fault] = {}
    for found in _faults(content, prefix):
        first.setdefault(found.pointer, found)
    return list(first.values())


def _faults(content: Content, prefix: str) -> Iterator[Fault]:
    body = content.body
    for rule in RULES.get(content.kind, ()):
        yield from broken(rule, body, prefix)
    special = _BY_KIND.get(content.kind)
    if special is not None:
        yield from special(body, prefix)


def _interactive(body: JsonObject, prefix: str) -> Iterator[Fault]:
    kind = body.get("type")
    rules = INTERACTIVE.get(kind) if isinstance(kind, str) else None
    if rules is None or not isinstance(kind, str):
        yield fault(f"{prefix}/type", "not_allowed", f"Use one of: {', '.join(INTERACTIVE)}.")
        return
    for rule in rules:
        yield from broken(rule, body, prefix)
    yield from _header(body, prefix)
    special = _SPECIAL.get(kind)
    if special is not None:
        yield from special(body, prefix)


def _header(body: JsonObject, prefix: str) -> Iterator[Fault]:
    header = body.get("header")
    kind = header.get("type") if isinstance(header, Mapping) else None
    if kind == "text":
        yield from broken(Needs("/header", ("text",)), body, prefix)
    elif isinstance(kind, str) and kind in _HEADER_MEDIA:
        yield from broken(Needs("/header", (kind,)), body, prefix)
        yield from broken(OneOf(f"/header/{kind}", ("id", "link")), body, prefix)


def _list(body: JsonObject, prefix: str) -> Iterator[Fault]:
    rows = sum(1 for _ in places(body, "/action/sections/*/rows/*", prefix))
    if rows > LIST_ROWS:
        sentence = f"Leave at most {LIST_ROWS} rows in all sections together; there are {rows}."
        yield fault(f"{prefix}/action/sections", "too_many", sentence)
    yield from _section_titles(body, prefix)


def _product_list(body: JsonObject, prefix: str) -> Iterator[Fault]:
    products = sum(1 for _ in places(body, "/action/sections/*/product_items/*", prefix))
    if products > PRODUCTS:
        sentence = f"Leave at most {PRODUCTS} products in all sections together; there are {products}."
        yield fault(f"{prefix}/action/sections", "too_many", sentence)
    yield from _section_titles(body, prefix)


def _section_titles(body: JsonObject, prefix: str) -> Iterator[Fault]:
    sections = list(places(body, "/action/sections/*", prefix))
    if len(sections) > 1:
        for pointer, section in sections:
            if isinstance(section, Mapping) and not section.get("title"):
                sentence = "Give each section a title, since there is more than one."
                yield fault(f"{pointer}/title", "missing", sentence)


def _flow(body: JsonObject, prefix: str) -> Iterator[Fault]:
    for pointer, text in places(body, "/action/parameters/flow_cta", prefix):
        if isinstance(text, str) and any(unicodedata.category(char) in _EMOJI_CATEGORIES for char in text):
            yield fault(pointer, "wrong_format", "Write the button without emoji.")
    for pointer, data in places(body, "/action/parameters/flow_action_payload/data", prefix):
        if not isinstance(data, Mapping) or not data:
            yield fault(pointer, "missing", "Leave `data` out, or give an object with at least one member.")


def _carousel(body: JsonObject, prefix: str) -> Iterator[Fault]:
    cards = [(pointer, card) for pointer, card in places(body, "/action/cards/*", prefix) if isinstance(card, Mapping)]
    first = cards[0][1] if cards else {}
    for index, (pointer, card) in enumerate(cards):
        if card.get("type") != first.get("type") or _header_type(card) != _header_type(first):
            yield fault(pointer, "not_allowed", "Give all cards the same kind of header and button.")
        if card.get("card_index", index) not in (index, str(index)):
            yield fault(f"{pointer}/card_index", "not_allowed", f"Number the cards from 0; this one is {index}.")
        yield from _card(pointer, card)


def _card(pointer: str, card: JsonObject) -> Iterator[Fault]:
    words = card.get("body")
    text = words.get("text") if isinstance(words, Mapping) else None
    if isinstance(text, str) and text.count("\n") > CARD_LINES:
        yield fault(f"{pointer}/body/text", "too_long", f"Leave at most {CARD_LINES} line breaks in a card.")
    action = card.get("action")
    if not isinstance(action, Mapping):
        return
    if card.get("type") == "product":
        yield from broken(Needs("", ("catalog_id", "product_retailer_id")), action, f"{pointer}/action")
        return
    yield from _header({"header": card.get("header")}, pointer)
    if _header_type(card) is None:
        yield fault(f"{pointer}/header", "missing", "Give each card an image or a video as header.")
    if card.get("type") == "cta_url":
        yield from broken(Needs("", ("name", "parameters")), action, f"{pointer}/action")
        yield from broken(Needs("/parameters", ("display_text", "url")), action, f"{pointer}/action")


def _header_type(card: JsonObject) -> JsonValue:
    header = card.get("header")
    return header.get("type") if isinstance(header, Mapping) else None


def _reaction(body: JsonObject, prefix: str) -> Iterator[Fault]:
    if not isinstance(body.get("emoji"), str):
        yield fault(f"{prefix}/emoji", "missing", 'Give `emoji`; an empty text "" takes the reaction back.')


def _pin(body: JsonObject, prefix: str) -> Iterator[Fault]:
    if body.get("type") == "pin" and "expiration_days" not in body:
        yield fault(f"{prefix}/expiration_days", "missing", "Give `expiration_days`, from 1 to 30.")


def _contact_names(body: JsonObject, prefix: str) -> Iterator[Fault]:
    others = ("first_name", "last_name", "middle_name", "prefix", "suffix")
    for pointer, name in places(body, "/contacts/*/name", prefix):
        if isinstance(name, Mapping) and not any(name.get(part) for part in others):
            sentence = "Give one more part of the name beside `formatted_name`, for example `first_name`."
            yield fault(f"{pointer}/first_name", "missing", sentence)


def _nests_deeper(value: JsonValue, levels: int) -> bool:
    if isinstance(value, Mapping):
        return levels == 0 or any(_nests_deeper(member, levels - 1) for member in value.values())
    if isinstance(value, list | tuple):
        return levels == 0 or any(_nests_deeper(member, levels - 1) for member in value)
    return False


_SPECIAL: Final[dict[str, Callable[[JsonObject, str], Iterator[Fault]]]] = {
    "list": _list,
    "product_list": _product_list,
    "flow": _flow,
    "carousel": _carousel,
}
_BY_KIND: Final[dict[str, Callable[[JsonObject, str], Iterator[Fault]]]] = {
    "interactive": _interactive,
    "template": check_template,
    "contacts": _contact_names,
    "reaction": _reaction,
    "pin": _pin,
}
