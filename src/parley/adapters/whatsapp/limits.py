"""What Meta takes in a message, as data. State of September 2026; the sources are Meta's pages of each type.

`RULES` is by message type, `INTERACTIVE` by the type inside `interactive`; places are relative to the type's object.
A few rules that span several places are in `check`.
"""

from datetime import date
from typing import Final

from parley.adapters.whatsapp.rules import Among, Count, Needs, Never, Number, OneOf, Rule, Shape, Text, Unique

AS_OF: Final = date(2026, 9, 1)

CAPTION: Final = 1_024
BODY: Final = 1_024
LIST_BODY: Final = 4_096
HEADER: Final = 60
FOOTER: Final = 60
LINK: Final = 2_048
LIST_ROWS: Final = 10
PRODUCTS: Final = 30
CARD_BODY: Final = 160
CARD_LINES: Final = 2
PARAMETER: Final = 1_024
PARAMETER_BODY_ONLY: Final = 32_768
ADVISED_CONTACTS: Final = 50

_WEB = Shape("/link", r"https?://\S+", "Give a web address that begins with https:// or http://.")
_FILE: tuple[Rule, ...] = (OneOf("", ("id", "link")), _WEB, Text("/link", LINK))
_NO_CAPTION = Never("", ("caption",))

RULES: Final[dict[str, tuple[Rule, ...]]] = {
    "text": (Needs("", ("body",)), Text("/body", 4_096)),
    "image": (*_FILE, Text("/caption", CAPTION, 0), Never("", ("filename",))),
    "video": (*_FILE, Text("/caption", CAPTION, 0), Never("", ("filename",))),
    "audio": (*_FILE, _NO_CAPTION),
    "document": (*_FILE, Text("/caption", CAPTION, 0), Text("/filename", 240)),
    "sticker": (*_FILE, _NO_CAPTION),
    "location": (
        Needs("", ("latitude", "longitude")),
        Number("/latitude", -90, 90),
        Number("/longitude", -180, 180),
        Text("/name", 1_000, 0),
        Text("/address", 1_000, 0),
    ),
    "contacts": (
        Needs("", ("contacts",)),
        Count("/contacts", 1, 257),
        Needs("/contacts/*", ("name",)),
        Needs("/contacts/*/name", ("formatted_name",)),
        Shape("/contacts/*/birthday", r"\d{4}-\d{2}-\d{2}", "Write the birthday as YYYY-MM-DD."),
        Needs("/contacts/*/emails/*", ("email",)),
        Needs("/contacts/*/urls/*", ("url",)),
    ),
    "reaction": (Needs("", ("message_id",)), Text("/emoji", 64, 0)),
    "pin": (
        Needs("", ("type", "message_id")),
        Among("/type", ("pin", "unpin")),
        Number("/expiration_days", 1, 30, whole=True),
    ),
}

_BODY = (Needs("", ("body", "action")), Needs("/body", ("text",)), Text("/body/text", BODY))
_FOOTER = (Needs("/footer", ("text",)), Text("/footer/text", FOOTER))
_HEADER = (Needs("/header", ("type",)), Text("/header/text", HEADER))
_NO_EDGES = Never("", ("header", "footer"))
_OPTIONAL_BODY = (Needs("", ("action",)), Text("/body/text", BODY))


def _named(name: str) -> tuple[Rule, ...]:
    return (Needs("/action", ("name",)), Among("/action/name", (name,)))


_WEB_BUTTON = Shape("/action/parameters/url", r"https?://\S+", "Give a web address that begins with https://.")
_CURRENCIES = ("INR", "BRL", "SGD")
_ORDER_STATES = ("pending", "processing", "partially_shipped", "shipped", "completed", "canceled")
_ORDER = "/action/parameters"

INTERACTIVE: Final[dict[str, tuple[Rule, ...]]] = {
    "button": (
        *_BODY,
        *_HEADER,
        *_FOOTER,
        Among("/header/type", ("text", "image", "video", "document")),
        Needs("/action", ("buttons",)),
        Count("/action/buttons", 1, 3),
        Needs("/action/buttons/*", ("type", "reply")),
        Among("/action/buttons/*/type", ("reply",)),
        Needs("/action/buttons/*/reply", ("id", "title")),
        Text("/action/buttons/*/reply/title", 20),
        Text("/action/buttons/*/reply/id", 256),
        Unique("/action/buttons/*/reply/title"),
        Unique("/action/buttons/*/reply/id"),
    ),
    "list": (
        Needs("", ("body", "action")),
        Needs("/body", ("text",)),
        Text("/body/text", LIST_BODY),
        *_HEADER,
        *_FOOTER,
        Among("/header/type", ("text",)),
        Needs("/action", ("button", "sections")),
        Text("/action/button", 20),
        Count("/action/sections", 1, 10),
        Needs("/action/sections/*", ("rows",)),
        Text("/action/sections/*/title", 24, 0),
        Needs("/action/sections/*/rows/*", ("id", "title")),
        Text("/action/sections/*/rows/*/title", 24),
        Text("/action/sections/*/rows/*/id", 200),
        Text("/action/sections/*/rows/*/description", 72, 0),
        Unique("/action/sections/*/rows/*/id"),
    ),
    "cta_url": (
        *_BODY,
        *_HEADER,
        *_FOOTER,
        Among("/header/type", ("text", "image", "video", "document")),
        *_named("cta_url"),
        Needs("/action", ("parameters",)),
        Needs("/action/parameters", ("display_text", "url")),
        Text("/action/parameters/display_text", 20),
        Text("/action/parameters/url", LINK),
        _WEB_BUTTON,
    ),
    "location_request_message": (*_BODY, _NO_EDGES, *_named("send_location")),
    "address_message": (
        *_BODY,
        *_HEADER,
        *_FOOTER,
        *_named("address_message"),
        Needs("/action", ("parameters",)),
        Needs("/action/parameters", ("country",)),
        Among("/action/parameters/country", ("IN",)),
    ),
    "flow": (
        *_BODY,
        *_HEADER,
        *_FOOTER,
        *_named("flow"),
        Needs("/action", ("parameters",)),
        Needs("/action/parameters", ("flow_message_version", "flow_cta")),
        Among("/action/parameters/flow_message_version", ("3",)),
        OneOf("/action/parameters", ("flow_id", "flow_name")),
        Text("/action/parameters/flow_cta", 30),
        Among("/action/parameters/mode", ("draft", "published")),
        Among("/action/parameters/flow_action", ("navigate", "data_exchange")),
        Needs("/action/parameters/flow_action_payload", ("screen",)),
    ),
    "product": (
        *_OPTIONAL_BODY,
        *_FOOTER,
        Never("", ("header",)),
        Needs("/action", ("catalog_id", "product_retailer_id")),
    ),
    "product_list": (
        *_BODY,
        *_HEADER,
        *_FOOTER,
        Needs("", ("header",)),
        Among("/header/type", ("text",)),
        Needs("/action", ("catalog_id", "sections")),
        Count("/action/sections", 1, 10),
        Needs("/action/sections/*", ("product_items",)),
        Text("/action/sections/*/title", 24, 0),
        Needs("/action/sections/*/product_items/*", ("product_retailer_id",)),
    ),
    "catalog_message": (*_BODY, *_FOOTER, *_named("catalog_message")),
    "carousel": (
        *_BODY,
        _NO_EDGES,
        Needs("/action", ("cards",)),
        Count("/action/cards", 2, 10),
        Needs("/action/cards/*", ("type", "action")),
        Among("/action/cards/*/type", ("cta_url", "product", "quick_reply")),
        Among("/action/cards/*/header/type", ("image", "video")),
        Text("/action/cards/*/body/text", CARD_BODY, 0),
        Text("/action/cards/*/action/parameters/display_text", 20),
    ),
    "voice_call": (
        *_BODY,
        *_HEADER,
        *_FOOTER,
        *_named("voice_call"),
        Text("/action/parameters/display_text", 20),
        Number("/action/parameters/ttl_minutes", 1, 43_200, whole=True),
        Text("/action/parameters/payload", 512, 0),
    ),
    "call_permission_request": (*_OPTIONAL_BODY, *_named("call_permission_request")),
    "contact_request": (*_BODY, *_named("request_contact_info")),
    "order_details": (
        *_BODY,
        *_HEADER,
        *_FOOTER,
        *_named("review_and_pay"),
        Needs("/action", ("parameters",)),
        Needs(_ORDER, ("reference_id", "type", "currency", "total_amount", "order")),
        Text(f"{_ORDER}/reference_id", 35),
        Among(f"{_ORDER}/type", ("digital-goods", "physical-goods")),
        Among(f"{_ORDER}/currency", _CURRENCIES),
        Needs(f"{_ORDER}/total_amount", ("offset",)),
        Number(f"{_ORDER}/total_amount/offset", 100, 100, whole=True),
        Number(f"{_ORDER}/total_amount/value", 0, 1e15, whole=True),
        Needs(f"{_ORDER}/order", ("status", "items")),
        Among(f"{_ORDER}/order/status", ("pending",)),
    ),
    "order_status": (
        *_BODY,
        *_FOOTER,
        *_named("review_order"),
        Needs("/action", ("parameters",)),
        Needs(_ORDER, ("reference_id", "order")),
        Text(f"{_ORDER}/reference_id", 35),
        Needs(f"{_ORDER}/order", ("status",)),
        Among(f"{_ORDER}/order/status", _ORDER_STATES),
    ),
}
