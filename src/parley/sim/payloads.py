"""The `value` objects of webhooks: pure, from what happened to what Meta would post."""

from dataclasses import dataclass

from parley.sim.businesses import Business
from parley.sim.customers import Customer
from parley.sim.ledger import Sent
from parley.sim.refusals import MetaError
from parley.sim.templates import Template
from parley.sim.web import Json

PER_MESSAGE_VERSION = 24  # from this version on a status has no `conversation`
_DAY = 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One status to be reported of a send. `customer` is None for a number without WhatsApp."""

    sent: Sent
    status: str
    at: float
    customer: Customer | None = None
    error: MetaError | None = None


def status_value(business: Business, report: Report) -> Json:
    """A status of a message, with pricing where Meta gives it and our callback data."""
    sent, customer = report.sent, report.customer
    status: Json = {"id": sent.id, "status": report.status, "timestamp": str(int(report.at)), "recipient_id": sent.to}
    if customer is not None:
        _name_recipient(status, customer, failed=report.error is not None)
    if sent.biz is not None:
        status["biz_opaque_callback_data"] = sent.biz
    if report.error is not None:
        status["errors"] = [report.error.webhook()]
    elif report.status in ("sent", "delivered"):
        _price(status, sent, report)
    value: Json = {"messaging_product": "whatsapp", "metadata": business.metadata, "statuses": [status]}
    if customer is not None and report.error is None:
        value["contacts"] = [customer.profile]
    return value


def _name_recipient(status: Json, customer: Customer, *, failed: bool) -> None:
    if not failed:
        status["recipient_user_id"] = customer.user_id
    if customer.behaviour.hide_number:
        del status["recipient_id"]
    else:
        status["recipient_id"] = customer.number


def _price(status: Json, sent: Sent, report: Report) -> None:
    status["pricing"] = {
        "billable": not sent.free,
        "pricing_model": "PMP",
        "type": "free_customer_service" if sent.free else "regular",
        "category": sent.category,
    }
    if sent.version < PER_MESSAGE_VERSION:
        conversation: Json = {"id": f"conv.{sent.id[-24:]}", "origin": {"type": sent.category}}
        if report.status == "sent":
            conversation["expiration_timestamp"] = str(int(report.at) + _DAY)
        status["conversation"] = conversation


def message_value(business: Business, customer: Customer, message: Json) -> Json:
    """An inbound message. `system` messages come without contacts, as Meta's do."""
    value: Json = {"messaging_product": "whatsapp", "metadata": business.metadata, "messages": [message]}
    if message.get("type") != "system":
        value["contacts"] = [customer.profile]
    return value


def preference_value(business: Business, customer: Customer, value: str, at: float) -> Json:
    """A person stops or resumes marketing."""
    preference: Json = {
        "detail": f"User requested to {value} marketing messages",
        "category": "marketing_messages",
        "value": value,
        "timestamp": int(at),
        "user_id": customer.user_id,
    }
    if not customer.behaviour.hide_number:
        preference["wa_id"] = customer.number
    return {
        "messaging_product": "whatsapp",
        "metadata": business.metadata,
        "contacts": [customer.profile],
        "user_preferences": [preference],
    }


def template_status_value(template: Template, event: str) -> Json:
    value: Json = {
        "event": event,
        "message_template_id": int(template.id),
        "message_template_name": template.name,
        "message_template_language": template.language,
        "reason": template.rejected_reason,
        "message_template_category": template.category,
    }
    if event == "PAUSED":
        value["other_info"] = {"title": "FIRST_PAUSE", "description": "Paused for 3 hours because of low quality."}
    return value


def template_quality_value(template: Template, previous: str) -> Json:
    return {
        "previous_quality_score": previous,
        "new_quality_score": template.quality,
        "message_template_id": int(template.id),
        "message_template_name": template.name,
        "message_template_language": template.language,
    }


def template_category_value(template: Template, previous: str) -> Json:
    return {
        "message_template_id": int(template.id),
        "message_template_name": template.name,
        "message_template_language": template.language,
        "previous_category": previous,
        "new_category": template.category,
    }


def number_quality_value(business: Business, event: str) -> Json:
    return {
        "display_phone_number": business.number,
        "event": event,
        "current_limit": business.limit_tier,
    }


def call_value(business: Business, customer: Customer, call: Json) -> Json:
    return {
        "messaging_product": "whatsapp",
        "metadata": business.metadata,
        "contacts": [customer.profile],
        "calls": [call],
    }


def call_status_value(business: Business, customer: Customer, status: Json) -> Json:
    return {
        "messaging_product": "whatsapp",
        "metadata": business.metadata,
        "contacts": [customer.profile],
        "statuses": [{**status, "type": "call", "recipient_id": customer.number}],
    }
