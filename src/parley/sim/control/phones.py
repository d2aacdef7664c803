"""`/sim/phones`: virtual customers, and what they do besides writing."""

from typing import Literal

import msgspec

from parley.sim.businesses import Business
from parley.sim.control.reading import ControlRefusal, business, limit_of, phone, phone_or_new, read
from parley.sim.customers import Customer, digits_of
from parley.sim.inbound import write
from parley.sim.payloads import preference_value
from parley.sim.statuses import read_all
from parley.sim.web import Answer, Json, Request, answer
from parley.sim.world import Origin, World


class Phone(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is given is set; the rest stays."""

    number: str = ""
    name: str | None = None
    username: str | None = None
    user_id: str | None = None
    delivered_seconds: float | msgspec.UnsetType | None = msgspec.UNSET
    read_seconds: float | msgspec.UnsetType | None = msgspec.UNSET
    fail_with: int | msgspec.UnsetType | None = msgspec.UNSET
    on_whatsapp: bool | msgspec.UnsetType = msgspec.UNSET
    hide_number: bool | msgspec.UnsetType = msgspec.UNSET
    answers_calls: bool | msgspec.UnsetType = msgspec.UNSET
    window_with: tuple[str, ...] = ()


_BEHAVIOUR = ("delivered_seconds", "read_seconds", "fail_with", "on_whatsapp", "hide_number", "answers_calls")


class Towards(msgspec.Struct, forbid_unknown_fields=True):
    to: str = ""


class Preference(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    to: str = ""
    value: Literal["stop", "resume"] = "stop"


class NewNumber(msgspec.Struct, forbid_unknown_fields=True):
    number: str


async def put(world: World, request: Request) -> Answer:
    """Make or change a customer: `POST /sim/phones` or `PUT /sim/phones/{number}`."""
    wish = read(request, Phone)
    named = request.parts[2] if len(request.parts) > 2 else wish.number  # noqa: PLR2004 - /sim/phones/{number}
    customer = phone_or_new(world, named)
    customer.name = wish.name or customer.name
    customer.username = wish.username if wish.username is not None else customer.username
    if wish.user_id:
        world.customers.drop(customer)
        customer.user_id = wish.user_id
        world.customers.put(customer)
    for member in _BEHAVIOUR:
        value = getattr(wish, member)
        if value is not msgspec.UNSET:
            setattr(customer.behaviour, member, value)
    for name in wish.window_with:
        customer.wrote_at[business(world, name).phone_number_id] = world.now()
    return answer(_view(customer))


async def listing(world: World, request: Request) -> Answer:
    limit = limit_of(request)
    return answer({"data": [_view(one) for _, one in zip(range(limit), world.customers, strict=False)]})


async def show(world: World, request: Request) -> Answer:
    return answer(_view(phone(world, request)))


async def read_chat(world: World, request: Request) -> Answer:
    customer, one = _both(world, request)
    return answer({"read": read_all(world, one, customer)})


async def block(world: World, request: Request) -> Answer:
    customer, one = _both(world, request)
    customer.blocked.add(one.phone_number_id)
    return answer(_view(customer))


async def unblock(world: World, request: Request) -> Answer:
    customer, one = _both(world, request)
    customer.blocked.discard(one.phone_number_id)
    return answer(_view(customer))


async def marketing(world: World, request: Request) -> Answer:
    """Stop or resume marketing, and tell the business."""
    customer, wish = phone(world, request), read(request, Preference)
    one = business(world, wish.to)
    if wish.value == "stop":
        customer.stopped_marketing.add(one.phone_number_id)
    else:
        customer.stopped_marketing.discard(one.phone_number_id)
    value = preference_value(one, customer, wish.value, world.now())
    world.publish(Origin(waba_id=one.waba_id, business=one), "user_preferences", value, lane=_lane(one, customer))
    return answer(_view(customer))


async def change_number(world: World, request: Request) -> Answer:
    """The person moves to another number; every business written to is told by a `system` message."""
    customer, wish = phone(world, request), read(request, NewNumber)
    digits = digits_of(wish.number)
    if digits is None or world.customers.by_number(digits) is not None:
        raise ControlRefusal(400, f"{wish.number} is no number, or somebody has it.")
    old = customer.number
    body: Json = {
        "body": f"User {customer.name} changed from {old} to {digits}",
        "wa_id": digits,
        "type": "user_changed_number",
    }
    for phone_number_id in customer.wrote_at:
        one = world.businesses.get(phone_number_id)
        if one is not None:
            write(world, one, customer, {"type": "system", "system": body})
    world.customers.drop(customer)
    customer.number = digits
    world.customers.put(customer)
    return answer(_view(customer))


def _both(world: World, request: Request) -> tuple[Customer, Business]:
    return phone(world, request), business(world, read(request, Towards).to)


def _lane(one: Business, customer: Customer) -> str:
    return f"{one.phone_number_id} {customer.user_id}"


def _view(customer: Customer) -> Json:
    return {
        "number": f"+{customer.number}",
        "name": customer.name,
        "username": customer.username,
        "user_id": customer.user_id,
        "behaviour": {member: getattr(customer.behaviour, member) for member in _BEHAVIOUR},
        "blocked": sorted(customer.blocked),
        "stopped_marketing": sorted(customer.stopped_marketing),
        "seen_read": customer.seen_read,
        "typing": customer.typing,
        "next": customer.received,
    }
