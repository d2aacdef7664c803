"""The body of an interactive message, by its own type."""

from collections.abc import Callable

from parley.sim.checks.fields import (
    WRONG,
    distinct,
    needed,
    needed_object,
    needed_objects,
    needed_text,
    optional_text,
)
from parley.sim.refusals import MetaError
from parley.sim.web import Json, as_object

MOST_BODY = 1024
MOST_LIST_BODY = 4096
MOST_SMALL = 60  # characters of a header text and a footer
MOST_BUTTONS = 3
MOST_ROWS = 10  # of a list, over all its sections
MOST_PRODUCTS = 30
_TITLE, _ROW_TITLE, _ROW_ID, _BUTTON_ID, _DESCRIPTION = 20, 24, 200, 256, 72
_FLOW_CTA, _URL, _ID = 30, 2000, 512
_BODY_OPTIONAL = frozenset({"product", "call_permission_request"})
_HEADERLESS = frozenset(
    {"location_request_message", "product", "catalog_message", "carousel", "call_permission_request"},
)
_TEXT_HEADER_ONLY = frozenset({"list", "product_list"})
_HEADER_KINDS = ("text", "image", "video", "document")
_AT = "interactive.action"


def check_interactive(body: Json) -> None:
    """Raise Meta's refusal of this interactive object, if there is one."""
    kind = needed_text(body, "type", "interactive", _ID)
    check = _ACTIONS.get(kind)
    if check is None:
        raise MetaError(WRONG, f"Parameter 'interactive.type' must be one of {', '.join(sorted(_ACTIONS))}.")
    if kind not in _BODY_OPTIONAL or body.get("body") is not None:
        words = needed_object(body, "body", "interactive")
        needed_text(words, "text", "interactive.body", MOST_LIST_BODY if kind == "list" else MOST_BODY)
    footer = as_object(body.get("footer"))
    if footer is not None:
        needed_text(footer, "text", "interactive.footer", MOST_SMALL)
    _check_header(body, kind)
    check(needed_object(body, "action", "interactive"))


def _check_header(body: Json, kind: str) -> None:
    if body.get("header") is None:
        if kind == "product_list":
            raise MetaError(131008, "Parameter 'interactive.header' is required.")
        return
    if kind in _HEADERLESS:
        raise MetaError(WRONG, f"An interactive message of type {kind} takes no header.")
    header = needed_object(body, "header", "interactive")
    shape = needed_text(header, "type", "interactive.header", _ID)
    if shape not in (("text",) if kind in _TEXT_HEADER_ONLY else _HEADER_KINDS):
        raise MetaError(WRONG, f"A header of type {shape} is not possible here.")
    if shape == "text":
        needed_text(header, "text", "interactive.header", MOST_SMALL)
    else:
        needed_object(header, shape, "interactive.header")


def _buttons(action: Json) -> None:
    buttons = needed_objects(action, "buttons", _AT, (1, MOST_BUTTONS))
    replies = [needed_object(button, "reply", f"{_AT}.buttons") for button in buttons]
    at = f"{_AT}.buttons.reply"
    distinct([needed_text(reply, "title", at, _TITLE) for reply in replies], "button title")
    distinct([needed_text(reply, "id", at, _BUTTON_ID) for reply in replies], "button id")


def _list(action: Json) -> None:
    needed_text(action, "button", _AT, _TITLE)
    sections = needed_objects(action, "sections", _AT, (1, MOST_ROWS))
    ids: list[str] = []
    for section in sections:
        if len(sections) > 1:
            needed_text(section, "title", f"{_AT}.sections", _ROW_TITLE)
        for row in needed_objects(section, "rows", f"{_AT}.sections", (1, MOST_ROWS)):
            at = f"{_AT}.sections.rows"
            needed_text(row, "title", at, _ROW_TITLE)
            optional_text(row, "description", at, _DESCRIPTION)
            ids.append(needed_text(row, "id", at, _ROW_ID))
    distinct(ids, "row id")
    if len(ids) > MOST_ROWS:
        raise MetaError(WRONG, f"A list has at most {MOST_ROWS} rows over all sections; this one has {len(ids)}.")


def _cta_url(action: Json) -> None:
    _named("cta_url")(action)
    parameters = needed_object(action, "parameters", _AT)
    needed_text(parameters, "display_text", f"{_AT}.parameters", _TITLE)
    url = needed_text(parameters, "url", f"{_AT}.parameters", _URL)
    if not url.startswith(("http://", "https://")):
        raise MetaError(WRONG, f"Parameter '{_AT}.parameters.url' must be an http or https address.")


def _flow(action: Json) -> None:
    _named("flow")(action)
    parameters = needed_object(action, "parameters", _AT)
    needed(parameters, "flow_message_version", f"{_AT}.parameters")
    needed_text(parameters, "flow_cta", f"{_AT}.parameters", _FLOW_CTA)
    if parameters.get("flow_id") is None and parameters.get("flow_name") is None:
        raise MetaError(131008, f"Parameter '{_AT}.parameters' needs a flow_id or a flow_name.")


def _product(action: Json) -> None:
    needed_text(action, "catalog_id", _AT, _ID)
    needed_text(action, "product_retailer_id", _AT, _ID)


def _product_list(action: Json) -> None:
    needed_text(action, "catalog_id", _AT, _ID)
    sections = needed_objects(action, "sections", _AT, (1, 10))
    count = sum(len(needed_objects(one, "product_items", f"{_AT}.sections", (1, MOST_PRODUCTS))) for one in sections)
    if count > MOST_PRODUCTS:
        raise MetaError(WRONG, f"A product list has at most {MOST_PRODUCTS} products; this one has {count}.")


def _carousel(action: Json) -> None:
    needed_objects(action, "cards", _AT, (2, 10))


def _named(name: str) -> Callable[[Json], None]:
    def check(action: Json) -> None:
        if needed(action, "name", _AT) != name:
            raise MetaError(WRONG, f"Parameter '{_AT}.name' must be {name}.")

    return check


_ACTIONS: dict[str, Callable[[Json], None]] = {
    "button": _buttons,
    "list": _list,
    "cta_url": _cta_url,
    "flow": _flow,
    "product": _product,
    "product_list": _product_list,
    "carousel": _carousel,
    "location_request_message": _named("send_location"),
    "address_message": _named("address_message"),
    "catalog_message": _named("catalog_message"),
    "voice_call": _named("voice_call"),
    "call_permission_request": _named("call_permission_request"),
    "contact_request": _named("request_contact_info"),
    "order_details": _named("review_and_pay"),
    "order_status": _named("review_order"),
}
