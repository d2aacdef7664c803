"""Meta's shapes, as they stand on the wire: the envelope of webhooks and the answers of the Graph API.

Shared with the simulator. Each decodes tolerantly (every member may be missing, unknown ones are passed over) and
encodes without what is unset. Webhooks are parsed without these, member by member (see `parse`), because one wrong
type in one item must not cost its neighbours; the simulator builds them with these.
"""

from typing import Any, Literal

import msgspec

RecipientType = Literal["individual", "group"]


class Shape(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What all shapes share: unset members are left out."""


class Profile(Shape):
    name: str | None = None
    username: str | None = None


class Contact(Shape):
    """A person in a webhook; `wa_id` is absent when the person hides the number."""

    profile: Profile | None = None
    wa_id: str | None = None
    user_id: str | None = None
    parent_user_id: str | None = None


class ErrorData(Shape):
    details: str | None = None
    messaging_product: str | None = None


class WebhookError(Shape):
    """An error inside a webhook: no HTTP status, `title` and `message` alike."""

    code: int = 0
    title: str | None = None
    message: str | None = None
    error_data: ErrorData | None = None
    href: str | None = None


class Metadata(Shape):
    display_phone_number: str | None = None
    phone_number_id: str | None = None


class Origin(Shape):
    type: str | None = None


class Conversation(Shape):
    id: str | None = None
    expiration_timestamp: str | None = None
    origin: Origin | None = None


class Pricing(Shape):
    billable: bool | None = None
    pricing_model: str | None = None
    type: str | None = None
    category: str | None = None


class Status(Shape):
    """A message's or (type `call`) a call's status."""

    id: str
    status: str
    timestamp: str
    type: str | None = None
    recipient_id: str | None = None
    recipient_user_id: str | None = None
    recipient_parent_user_id: str | None = None
    recipient_type: str | None = None
    recipient_participant_id: str | None = None
    biz_opaque_callback_data: str | None = None
    conversation: Conversation | None = None
    pricing: Pricing | None = None
    errors: list[WebhookError] | None = None


class Value(Shape):
    """The value of the fields `messages` and `calls`. Messages are objects whose shape depends on their type."""

    messaging_product: str | None = None
    metadata: Metadata | None = None
    contacts: list[Contact] | None = None
    messages: list[dict[str, Any]] | None = None
    statuses: list[Status] | None = None
    calls: list[dict[str, Any]] | None = None
    errors: list[WebhookError] | None = None


class Change(Shape):
    """`value` is a Value for messages and calls, any object for the other fields."""

    field: str
    value: Value | dict[str, Any]


class Entry(Shape):
    id: str
    changes: list[Change]
    time: int | None = None


class Delivery(Shape):
    """One POST to the callback."""

    entry: list[Entry]
    object: str = "whatsapp_business_account"

    def encode(self) -> bytes:
        """The body as Meta sends it."""
        return msgspec.json.encode({"object": self.object, "entry": self.entry})


class SentContact(Shape):
    """Whom the message goes to: `input` as given, and the identity Meta knows."""

    input: Any = None
    wa_id: str | int | None = None
    user_id: str | None = None


class SentMessage(Shape):
    """`message_status` comes for templates only: accepted, held_for_quality_assessment, paused."""

    id: str | None = None
    message_status: str | None = None
    group_id: str | None = None


class SendAnswer(Shape):
    messaging_product: str | None = None
    contacts: list[SentContact] = []
    messages: list[SentMessage] = []


class GraphError(Shape):
    """`error_data` is an object as a rule, sometimes a text. Nothing here may cost us the code: all is taken."""

    message: Any = None
    type: Any = None
    code: Any = None
    error_subcode: Any = None
    error_data: Any = None
    error_user_title: Any = None
    error_user_msg: Any = None
    is_transient: Any = None
    fbtrace_id: Any = None
    href: Any = None


class ErrorAnswer(Shape):
    error: GraphError | None = None


class MediaAnswer(Shape):
    """What `GET /{media-id}` tells; `sha256` is hex here and base64 in webhooks, `file_size` text or number."""

    id: str | None = None
    url: str | None = None
    mime_type: str | None = None
    sha256: str | None = None
    file_size: int | str | None = None


class HistoryEvent(Shape):
    delivery_status: str | None = None
    timestamp: int | float | str | None = None
    error_description: str | None = None


class HistoryEvents(Shape):
    data: list[HistoryEvent] = []


class HistoryItem(Shape):
    message_id: str | None = None
    events: HistoryEvents | None = None


class HistoryAnswer(Shape):
    data: list[HistoryItem] = []


class Throughput(Shape):
    level: str | None = None


class NumberAnswer(Shape):
    id: str | None = None
    display_phone_number: str | None = None
    verified_name: str | None = None
    quality_rating: str | None = None
    throughput: Throughput | None = None
    platform_type: str | None = None
    is_on_biz_app: bool | None = None
    status: str | None = None
