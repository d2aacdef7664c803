"""`POST /{phone}/messages` and `/marketing_messages`: the hot path. Checks in Meta's order, then accepts."""

from dataclasses import dataclass

from parley.sim import statuses
from parley.sim.businesses import Business, check_token, find_business
from parley.sim.checks import check_body, check_envelope, check_template
from parley.sim.customers import WINDOW_SECONDS, Customer, digits_of
from parley.sim.faults import QUIET, Faults, after_acceptance, happens
from parley.sim.graph.mark import mark
from parley.sim.ledger import Sent
from parley.sim.limits import PAIR_BURST, PAIR_INTERVAL
from parley.sim.names import new_wamid
from parley.sim.refusals import MetaError
from parley.sim.templates import Template
from parley.sim.web import Answer, Json, Request, answer, text_of
from parley.sim.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A send that has passed the checks of its shape. `to` is what the caller wrote, `template` None for free form."""

    business: Business
    message: Json
    kind: str
    to: str
    customer: Customer | None
    template: Template | None
    version: int
    marketing: bool


async def send_message(world: World, request: Request) -> Answer:
    """Accept or refuse one message; or mark one as read."""
    return await _send(world, request, marketing=False)


async def send_marketing_message(world: World, request: Request) -> Answer:
    """The same for the Marketing Messages API: marketing templates only (134100)."""
    return await _send(world, request, marketing=True)


async def _send(world: World, request: Request, *, marketing: bool) -> Answer:
    business = find_business(world.businesses, request.parts[0], lenient=world.settings.lenient)
    check_token(request, [business])
    message = request.json()
    if message is None:
        raise MetaError(100, "The body must be a JSON object.")
    if "status" in message:
        return mark(world, business, message)
    draft = _read(world, business, message, request.version, marketing=marketing)
    if marketing and not business.marketing_terms:
        raise MetaError(131055, "Accept the terms of the marketing messages API in WhatsApp Manager first.")
    if marketing and (draft.template is None or draft.template.category != "MARKETING"):
        raise MetaError(134100, "Send a marketing template here, and everything else by /messages.")
    faults = world.faults.of(business.phone_number_id)
    _check_rates(world, draft, faults)
    given = _accept(world, draft, faults)
    return given if faults is QUIET else await after_acceptance(faults, given)


def _read(world: World, business: Business, message: Json, version: int, *, marketing: bool) -> Draft:
    kind = check_envelope(message)
    template = None
    if kind == "template":
        world.templates_of(business.waba_id)
        template = check_template(world.templates, business.waba_id, message)
    else:
        check_body(kind, message)
    if message.get("recipient_type") == "group":
        raise MetaError(131041, "The simulator has no groups.")
    if not business.registered:
        raise MetaError(133010, "Register the phone number before sending: POST /{phone}/register.")
    to, customer = _recipient(world, business, message)
    return Draft(
        business=business,
        message=message,
        kind=kind,
        to=to,
        customer=customer,
        template=template,
        version=version,
        marketing=marketing,
    )


def _recipient(world: World, business: Business, message: Json) -> tuple[str, Customer | None]:
    to = text_of(message, "to")
    if not to:
        user_id = text_of(message, "recipient")
        return user_id, world.customers.by_user_id(user_id)
    customer = world.customers.by_number(to)
    if customer is None:
        customer = _unknown(world, business, to)
    if to.lstrip("+") == business.number:
        raise MetaError(131021, "The sender can't be the recipient.")
    return to, customer


def _unknown(world: World, business: Business, to: str) -> Customer | None:
    digits = digits_of(to)
    if digits is None:
        raise MetaError(131009, f"Parameter 'to' must be a phone number; got '{to}'.")
    if world.settings.unknown_recipients == "refuse":
        return None
    customer = world.customers.put(Customer(number=digits))
    customer.wrote_at[business.phone_number_id] = world.now()
    return customer


def _check_rates(world: World, draft: Draft, faults: Faults) -> None:
    settings, business, now = world.settings, draft.business, world.now()
    throttle = faults.throttle_per_second
    if throttle is not None:
        _take(world, f"fault {business.phone_number_id}", throttle)
    if settings.throughput:
        _take(world, business.phone_number_id, float(business.throughput))
    if settings.pair_rate and draft.customer is not None:
        pair = f"{business.phone_number_id} {draft.customer.number}"
        if not world.paces.take(pair, now, interval=PAIR_INTERVAL, burst=PAIR_BURST):
            raise MetaError(131056, "Too many messages from this number to this person in a short time.")


def _take(world: World, key: str, per_second: float) -> None:
    if not world.paces.take(key, world.now(), interval=1 / per_second, burst=max(1.0, per_second)):
        raise MetaError(130429, f"The throughput of {per_second:g} messages a second has been reached.")


def _accept(world: World, draft: Draft, faults: Faults) -> Answer:
    refusal = _refusal(world, draft)
    if refusal is not None and refusal.code not in world.settings.late_codes:
        raise refusal
    if refusal is None:
        refusal = _late_fault(draft, faults)
    world.check_room()
    customer, template, message = draft.customer, draft.template, draft.message
    number = customer.number if customer else digits_of(draft.to) or draft.to
    free = template is None or (template.category == "UTILITY" and _window_open(world, draft))
    biz = message.get("biz_opaque_callback_data")
    sent = world.ledger.add(
        Sent(
            id=new_wamid(number),
            phone_number_id=draft.business.phone_number_id,
            to=number,
            kind=draft.kind,
            message=message,
            at=world.now(),
            version=draft.version,
            biz=biz if isinstance(biz, str) else None,
            category=_category(draft),
            free=free,
        )
    )
    statuses.begin(world, sent, customer, refusal)
    return answer(_receipt(draft, sent))


def _category(draft: Draft) -> str:
    """What the price of a message is told under."""
    if draft.marketing:
        return "marketing_lite"
    return draft.template.category.lower() if draft.template else "service"


def _refusal(world: World, draft: Draft) -> MetaError | None:
    """Why this message can't reach this person now; the caller decides whether it is told at once or later."""
    customer, business = draft.customer, draft.business
    if customer is None or not customer.behaviour.on_whatsapp or business.phone_number_id in customer.blocked:
        return MetaError(131026, "The recipient is not on WhatsApp, has an old version, or can't be reached.")
    if customer.user_id in business.blocked:
        return MetaError(130403, "You have blocked this user: unblock before sending.")
    if draft.template is None:
        open_now = not world.settings.window or _window_open(world, draft)
        hours = int(WINDOW_SECONDS // 3600)
        return None if open_now else MetaError(131047, f"More than {hours} hours since the person's last message.")
    if draft.template.category == "MARKETING" and business.phone_number_id in customer.stopped_marketing:
        return MetaError(131050, "The recipient does not want marketing messages from this business.")
    if draft.template.category == "AUTHENTICATION" and not draft.message.get("to"):
        return MetaError(131062, "An authentication template needs the person's phone number.")
    return None


def _late_fault(draft: Draft, faults: Faults) -> MetaError | None:
    code = draft.customer.behaviour.fail_with if draft.customer else None
    if code is None and happens(faults.late_error_rate):
        code = faults.late_error_code
    return None if code is None else MetaError(code, "A fault set in the simulator.")


def _window_open(world: World, draft: Draft) -> bool:
    customer = draft.customer
    return customer is not None and customer.window_open(draft.business.phone_number_id, world.now())


def _receipt(draft: Draft, sent: Sent) -> Json:
    contact: Json = {"input": draft.to}
    if draft.message.get("to"):
        contact["wa_id"] = sent.to
    else:
        contact["user_id"] = draft.to
    message: Json = {"id": sent.id}
    if draft.template is not None:
        message["message_status"] = "accepted"
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]}
