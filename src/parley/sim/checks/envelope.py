"""The envelope of a send: product, recipient, type, context and callback data."""

from parley.sim.refusals import MetaError
from parley.sim.web import Json, as_object

TYPES = frozenset(
    {
        "text",
        "image",
        "video",
        "audio",
        "document",
        "sticker",
        "location",
        "contacts",
        "reaction",
        "interactive",
        "template",
        "pin",
    }
)
MOST_CALLBACK_DATA = 512  # characters of biz_opaque_callback_data


def check_envelope(message: Json) -> str:
    """The message's type, or 100 with what is wrong. Without a type it is `text`."""
    if message.get("messaging_product") != "whatsapp":
        raise MetaError(100, "The parameter messaging_product is required and must be 'whatsapp'.")
    if not isinstance(message.get("to") or message.get("recipient"), str):
        raise MetaError(100, "The parameter to is required.")
    if message.get("recipient_type", "individual") not in ("individual", "group"):
        raise MetaError(100, "Param recipient_type must be one of individual, group.")
    kind = message.get("type", "text")
    if not isinstance(kind, str) or kind.lower() not in TYPES:
        raise MetaError(100, f"Param type must be one of {', '.join(sorted(TYPES))}.")
    _check_callback_data(message.get("biz_opaque_callback_data"))
    context = message.get("context")
    if context is not None and not isinstance((as_object(context) or {}).get("message_id"), str):
        raise MetaError(100, "Param context must be an object with a message_id.")
    return kind.lower()


def _check_callback_data(value: object) -> None:
    if value is not None and not (isinstance(value, str) and len(value) <= MOST_CALLBACK_DATA):
        raise MetaError(100, f"Param biz_opaque_callback_data must be text of at most {MOST_CALLBACK_DATA} characters.")
