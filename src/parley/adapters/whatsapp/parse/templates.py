"""Changes of message templates. Meta's own samples carry the wrong field name, so the members decide what changed."""

from typing import Final, Literal

from parley.adapters.whatsapp.parse.change import Change
from parley.adapters.whatsapp.parse.reading import JsonDict, identifier, mapping, moment, text, word
from parley.modules.channels.inbound import Inbound, TemplateEvent

TemplateChange = Literal["status", "quality", "category", "components"]

TOLD_BY_MEMBERS: Final[tuple[tuple[TemplateChange, frozenset[str]], ...]] = (
    ("quality", frozenset({"new_quality_score", "previous_quality_score"})),
    (
        "components",
        frozenset(
            {
                "message_template_element",
                "message_template_title",
                "message_template_footer",
                "message_template_buttons",
            }
        ),
    ),
    ("category", frozenset({"new_category", "correct_category", "previous_category"})),
    ("status", frozenset({"event"})),
)
TOLD_BY_FIELD: Final[dict[str, TemplateChange]] = {
    "message_template_status_update": "status",
    "message_template_quality_update": "quality",
    "message_template_components_update": "components",
    "template_category_update": "category",
    "template_correct_category_detection": "category",
}


def is_about_template(value: JsonDict) -> bool:
    """Whether a value names a template."""
    return "message_template_id" in value or "message_template_name" in value


def read_template(change: Change, value: JsonDict) -> Inbound:
    """The one template change in a value."""
    provider_id = identifier(value.get("message_template_id"))
    template_name = text(value.get("message_template_name"))
    what = _what_changed(change)
    if what is None or (provider_id is None and template_name is None):
        return change.unknown("a template change without template or change", value)
    return TemplateEvent(
        account=change.account,
        change=what,
        provider_id=provider_id or "",
        name=template_name or "",
        language=text(value.get("message_template_language")) or "",
        at=change.at or moment(value.get("timestamp")),
        status=word(value.get("event")),
        quality=word(value.get("new_quality_score")),
        category=word(value.get("new_category")) or word(value.get("message_template_category")),
        reason=_reason(value),
        body=value,
    )


def _what_changed(change: Change) -> TemplateChange | None:
    for what, members in TOLD_BY_MEMBERS:
        if not members.isdisjoint(change.value):
            return what
    return TOLD_BY_FIELD.get(change.field)


def _reason(value: JsonDict) -> str | None:
    told = word(value.get("reason"))
    if told and told.upper() != "NONE":
        return told
    other = mapping(value.get("other_info")) or {}
    rejection = mapping(value.get("rejection_info")) or {}
    return word(other.get("title")) or word(rejection.get("reason"))
