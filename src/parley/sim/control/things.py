"""Templates, media, calls and demo orders of the control API."""

from typing import Literal

import msgspec

from parley.core import time
from parley.sim import reviews
from parley.sim.businesses import DEFAULT_WABA
from parley.sim.calls import Call
from parley.sim.control.reading import ControlRefusal, business, phone_or_new, read, read_object
from parley.sim.media import RECEIVED_SECONDS
from parley.sim.phone_calls import begin_call, end_call
from parley.sim.templates import STATUSES, Template, template_from
from parley.sim.web import Answer, Json, Request, answer, text_of
from parley.sim.world import World

DEMO_ORDERS = {"1001": ("shipped", 1), "1002": ("being packed", 3), "1003": ("delivered", 0)}  # status, days from now
_DAY = 86400


class TemplateChange(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    status: str | None = None
    quality: Literal["GREEN", "YELLOW", "RED", "UNKNOWN"] | None = None
    category: Literal["MARKETING", "UTILITY", "AUTHENTICATION"] | None = None
    reason: str | None = None


class NewCall(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    to: str = ""
    sdp: str = ""


async def list_templates(world: World, _: Request) -> Answer:
    return answer({"data": [{**one.node(), "waba_id": one.waba_id} for one in world.templates]})


async def add_template(world: World, request: Request) -> Answer:
    body = read_object(request)
    waba_id = text_of(body, "waba_id") or DEFAULT_WABA
    world.templates_of(waba_id)
    template = template_from(waba_id, body)
    template.status = text_of(body, "status") or "APPROVED"
    world.templates.put(template)
    return answer(template.node())


async def change_template(world: World, request: Request) -> Answer:
    """Every language of a name, or the one with this id."""
    wish, named = read(request, TemplateChange), request.parts[2]
    found = [one for one in world.templates if named in (one.id, one.name)]
    if not found:
        raise ControlRefusal(404, f"There is no template {named}.")
    for template in found:
        _change(world, template, wish)
    return answer({"data": [one.node() for one in found]})


def _change(world: World, template: Template, wish: TemplateChange) -> None:
    if wish.status is not None:
        if wish.status not in STATUSES:
            raise ControlRefusal(400, f"A status is one of {', '.join(STATUSES)}.")
        template.rejected_reason = wish.reason or "NONE"
        reviews.set_status(world, template, wish.status)
    if wish.quality is not None:
        reviews.set_quality(world, template, wish.quality)
    if wish.category is not None:
        reviews.set_category(world, template, wish.category)


async def add_media(world: World, request: Request) -> Answer:
    if not request.body:
        raise ControlRefusal(400, "Send the file's bytes with their Content-Type.")
    mime_type = request.header(b"content-type") or "application/octet-stream"
    media = world.media.put(request.body, mime_type, world.now() + RECEIVED_SECONDS)
    return answer({"id": media.id, "mime_type": media.mime_type, "sha256": media.sha256})


async def place_call(world: World, request: Request) -> Answer:
    wish = read(request, NewCall)
    customer = phone_or_new(world, request.parts[2])
    return answer(begin_call(world, business(world, wish.to), customer, wish.sdp).view())


async def show_call(world: World, request: Request) -> Answer:
    return answer(_call(world, request).view())


async def hang_up(world: World, request: Request) -> Answer:
    call = _call(world, request)
    if call.state != "ended":
        end_call(world, call)
    return answer(call.view())


def _call(world: World, request: Request) -> Call:
    call = world.calls.get(request.parts[2])
    if call is None:
        raise ControlRefusal(404, f"There is no call {request.parts[2]}.")
    return call


async def show_order(world: World, request: Request) -> Answer:
    """An order of the demo shop: `{number, status, eta}`, the eta as a date."""
    number = request.parts[3].lstrip("#")
    order = world.orders.get(number) or _demo_order(world, number)
    if order is None:
        raise ControlRefusal(404, f"There is no order {number}; try one of {', '.join(DEMO_ORDERS)}.")
    return answer(order)


async def put_order(world: World, request: Request) -> Answer:
    number, body = request.parts[3], read_object(request)
    world.orders[number] = {"number": number, "status": text_of(body, "status"), "eta": text_of(body, "eta")}
    return answer(world.orders[number])


def _demo_order(world: World, number: str) -> Json | None:
    if number not in DEMO_ORDERS:
        return None
    status, days = DEMO_ORDERS[number]
    return {"number": number, "status": status, "eta": str(time.from_unix(world.now() + days * _DAY).date())}
