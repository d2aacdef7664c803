"""What a Cloud API program asks for in `POST /{phone}/messages`, read out of Meta's message object. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from parley.core.content import KINDS, Content
from parley.core.json import JsonObject, JsonValue
from parley.modules.channels.ports import Marketing
from parley.modules.conversations import Group
from parley.modules.partners.facade.media_ids import MAX_DEPTH, as_ours
from parley.modules.partners.facade.refusals import INVALID, MISSING, NO_MARKETING, MetaRefusal

FALLBACK: Final = "CLOUD_API_FALLBACK"
STRICT: Final = "STRICT"
MOST_CALLBACK_DATA: Final = 512
"""Characters of `biz_opaque_callback_data` (Meta)."""
MOST_ID: Final = 512

_decoder = msgspec.json.Decoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A message to be sent. Ids in `content` are still those that the program knows."""

    to: str | Group
    spelled: str
    """The recipient as the program wrote it."""
    content: Content
    callback: str | None
    way: Marketing | None = None
    """Set where it was sent by the marketing messages API."""

    @property
    def names(self) -> tuple[str, ...]:
        """The ids of messages that this one refers to."""
        named = self.content.body.get("message_id") if self.content.kind in ("reaction", "pin") else None
        return tuple(each for each in (self.content.context, named) if isinstance(each, str))


def read_message(body: JsonObject) -> Asked:
    """The message to be sent. Raises MetaRefusal."""
    check_product(body)
    spelled = _text(body, "to") or _text(body, "recipient")
    if not spelled:
        raise MetaRefusal(INVALID, "The parameter to is required.")
    kind = _kind(body)
    callback = body.get("biz_opaque_callback_data")
    if callback is not None and not (isinstance(callback, str) and len(callback) <= MOST_CALLBACK_DATA):
        raise MetaRefusal(
            INVALID, f"Param biz_opaque_callback_data must be text of at most {MOST_CALLBACK_DATA} characters."
        )
    return Asked(
        to=Group(spelled) if body.get("recipient_type") == "group" else spelled,
        spelled=spelled,
        content=Content(kind, _content(body, kind), _context(body)),
        callback=callback if isinstance(callback, str) else None,
    )


def read_marketing(body: JsonObject) -> Asked:
    """The template to be sent by the marketing messages API. Raises MetaRefusal."""
    asked = read_message(body)
    if asked.content.kind != "template":
        raise MetaRefusal(NO_MARKETING, "Only templates of the category MARKETING are sent here.")
    policy, shares = body.get("product_policy", FALLBACK), body.get("message_activity_sharing")
    if policy not in (FALLBACK, STRICT):
        raise MetaRefusal(INVALID, f"Param product_policy must be one of {FALLBACK}, {STRICT}.")
    if not (shares is None or isinstance(shares, bool)):
        raise MetaRefusal(INVALID, "Param message_activity_sharing must be a boolean.")
    way = Marketing(policy=STRICT if policy == STRICT else FALLBACK, share_activity=shares, insists=True)
    return replace(asked, way=way)


def check_product(body: JsonObject) -> None:
    """Raises MetaRefusal unless the body names WhatsApp."""
    if body.get("messaging_product") != "whatsapp":
        raise MetaRefusal(INVALID, "The parameter messaging_product is required and must be 'whatsapp'.")


def _kind(body: JsonObject) -> str:
    if body.get("recipient_type", "individual") not in ("individual", "group"):
        raise MetaRefusal(INVALID, "Param recipient_type must be one of individual, group.")
    kind = body.get("type") or next((known for known in KINDS if known in body), "text")
    if not isinstance(kind, str) or kind.lower() not in KINDS:
        raise MetaRefusal(INVALID, f"Param type must be one of {', '.join(KINDS)}.")
    return kind.lower()


def _content(body: JsonObject, kind: str) -> JsonObject:
    value = _without_nulls(_decoded(body.get(kind)))
    if kind == "contacts" and isinstance(value, list):
        return {"contacts": value}
    if kind == "contacts" or not isinstance(value, Mapping):
        raise MetaRefusal(MISSING, f"Parameter '{kind}' is required.")
    named = as_ours({kind: value})[kind]
    return named if isinstance(named, Mapping) else value


def _decoded(value: JsonValue) -> JsonValue:
    """Some programs write a member as a text that holds JSON; Meta takes it so."""
    if not isinstance(value, str) or value[:1] not in ("{", "["):
        return value
    try:
        found: JsonValue = _decoder.decode(value)
        return found
    except (msgspec.DecodeError, RecursionError):
        return value


def _without_nulls(value: JsonValue, depth: int = 0) -> JsonValue:
    """Some programs write null for what they leave out; Meta takes it so."""
    if depth > MAX_DEPTH:
        return value
    if isinstance(value, Mapping):
        return {name: _without_nulls(each, depth + 1) for name, each in value.items() if each is not None}
    return [_without_nulls(each, depth + 1) for each in value] if isinstance(value, list) else value


def _context(body: JsonObject) -> str | None:
    context = body.get("context")
    if context is None:
        return None
    named = context.get("message_id") if isinstance(context, Mapping) else None
    if not isinstance(named, str) or not 1 <= len(named) <= MOST_ID:
        raise MetaRefusal(INVALID, "Param context must be an object with a message_id.")
    return named


def _text(body: JsonObject, member: str) -> str | None:
    """A member as text; numbers are taken too, as Meta does."""
    value: JsonValue = body.get(member)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() or None if isinstance(value, str) else None
