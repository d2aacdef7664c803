"""What Meta tells about accounts, numbers, forms and partners, and a person's wish about marketing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

from parley.adapters.whatsapp.parse.change import Change, read_party
from parley.adapters.whatsapp.parse.reading import JsonDict, identifier, moment, phone, text, word
from parley.core.json import JsonObject, JsonValue
from parley.modules.channels.inbound import Account, AccountEvent, FormEvent, Inbound, PreferenceChanged

EVENT_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "account_alerts": ("alert_info", "alert_type"),
    "account_review_update": ("decision",),
    "account_settings_update": ("type",),
    "account_update": ("event",),
    "business_capability_update": (),
    "business_status_update": ("event",),
    "business_username_update": ("status",),
    "business_username_updates": ("status",),
    "messaging_handovers": ("type",),
    "partner_solutions": ("event",),
    "payment_configuration_update": ("status",),
    "phone_number_name_update": ("decision",),
    "phone_number_quality_update": ("event",),
    "security": ("event",),
}
"""Fields about the account or number, and where each keeps its event word."""

WISHES: Final[dict[str, Literal["stop", "resume"]]] = {"stop": "stop", "resume": "resume"}
NUMBER_ID_PLACES: Final[tuple[tuple[str, ...], ...]] = (
    ("phone_number_settings", "phone_number_id"),
    ("recipient", "phone_number_id"),
    ("phone_number_id",),
)


def read_account_event(change: Change, value: JsonDict) -> Inbound:
    """The fact in a value of one of the fields in EVENT_WORDS."""
    event = word(_at(value, EVENT_WORDS[change.field])) or change.field
    return account_event(change, event, value)


def account_event(change: Change, event: str, body: JsonObject) -> AccountEvent:
    """A fact about the account; the body is kept whole."""
    number = change.value.get("display_phone_number") or change.value.get("phone_number")
    return AccountEvent(
        account=_account(change),
        field=change.field,
        event=event,
        at=change.at or moment(change.value.get("timestamp")),
        display_number=change.display_number or phone(number) or text(number),
        body=body,
    )


def _account(change: Change) -> Account:
    """For partner events `entry.id` is the partner's business; the account meant is in `waba_info`."""
    value = change.value
    account_id = identifier(_at(value, ("waba_info", "waba_id")))
    number_id = change.account.number_id
    if value.get("entity_type") == "PHONE_NUMBER":
        number_id = number_id or identifier(value.get("entity_id"))
    for place in NUMBER_ID_PLACES:
        number_id = number_id or identifier(_at(value, place))
    if account_id is None and number_id == change.account.number_id:
        return change.account
    return replace(change.account, account_id=account_id or change.account.account_id, number_id=number_id)


def _at(value: JsonDict, path: Sequence[str]) -> JsonValue:
    here: JsonValue = value if path else None
    for step in path:
        here = here.get(step) if isinstance(here, dict) else None
    return here


def read_value_error(change: Change, item: JsonDict) -> list[Inbound]:
    """An error of the account as a whole, for example deliveries lost by no-storage retention (131035).

    Beside calls an error is about the call and travels with it.
    """
    return [] if "calls" in change.value else [account_event(change, "error", item)]


def read_automatic_event(change: Change, item: JsonDict) -> Inbound:
    """A lead or purchase that Meta recognised in a conversation."""
    event = account_event(change, word(item.get("event_name")) or change.field, item)
    return replace(event, at=moment(item.get("timestamp")) or event.at)


def read_form_event(change: Change, value: JsonDict) -> Inbound:
    """A form's status, errors or latency."""
    return FormEvent(
        account=change.account,
        form_id=identifier(value.get("flow_id")),
        event=word(value.get("event")) or change.field,
        at=change.at or moment(value.get("timestamp")),
        body=value,
    )


def read_preference(change: Change, item: JsonDict) -> Inbound:
    """Stop and resume of marketing; a sign-up (or anything newer) is an event of the account."""
    wish = (word(item.get("value")) or "").lower()
    marketing = WISHES.get(wish)
    party = read_party(item.get("wa_id"), item.get("user_id"), item.get("parent_user_id"), change.contacts)
    is_marketing = (word(item.get("category")) or "marketing_messages").lower() == "marketing_messages"
    if party is None:
        return change.unknown("a preference of nobody", item)
    if is_marketing and marketing:
        return PreferenceChanged(
            account=change.account,
            party=party,
            marketing=marketing,
            at=moment(item.get("timestamp")) or change.fallback,
            detail=text(item.get("detail")),
        )
    return account_event(change, wish or change.field, item)
