"""Calls as webhooks tell them, and the person's side of one: calling, hanging up."""

from parley.sim.businesses import Business
from parley.sim.calls import Call
from parley.sim.customers import Customer
from parley.sim.names import new_wacid
from parley.sim.payloads import call_status_value, call_value
from parley.sim.web import Json
from parley.sim.world import Origin, World

SDP_OFFER = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=simulator\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"


def begin_call(world: World, business: Business, customer: Customer, offer: str) -> Call:
    """A person calls a business; this opens the window as a message does."""
    customer.wrote_at[business.phone_number_id] = world.now()
    call = world.calls.put(
        Call(
            id=new_wacid(customer.number),
            phone_number_id=business.phone_number_id,
            number=customer.number,
            direction="USER_INITIATED",
            offer=offer or SDP_OFFER,
        )
    )
    call_event(world, call, "connect", {"session": {"sdp_type": "offer", "sdp": call.offer}})
    return call


def end_call(world: World, call: Call) -> None:
    """Either side ends it; with times when it was picked up."""
    extra: Json = {"status": "COMPLETED" if call.started_at is not None else "FAILED"}
    if call.started_at is not None:
        ended = world.now()
        extra["start_time"], extra["end_time"] = str(int(call.started_at)), str(int(ended))
        extra["duration"] = int(ended - call.started_at)
    call.state = "ended"
    call_event(world, call, "terminate", extra)


def call_event(world: World, call: Call, event: str, extra: Json) -> None:
    """Post a `calls` item."""
    business = world.businesses.get(call.phone_number_id)
    customer = world.customers.by_number(call.number)
    if business is None or customer is None:
        return
    from_person = call.direction == "USER_INITIATED"
    item: Json = {
        "id": call.id,
        "from": call.number if from_person else business.number,
        "to": business.number if from_person else call.number,
        "event": event,
        "timestamp": str(int(world.now())),
        "direction": call.direction,
        **extra,
    }
    if call.biz is not None:
        item["biz_opaque_callback_data"] = call.biz
    origin = Origin(waba_id=business.waba_id, business=business)
    world.publish(origin, "calls", call_value(business, customer, item), lane=call.id)


def tell_call_status(world: World, call: Call, status: str) -> None:
    """Post a status of a call the business placed: RINGING, ACCEPTED, REJECTED."""
    business = world.businesses.get(call.phone_number_id)
    customer = world.customers.by_number(call.number)
    if business is None or customer is None:
        return
    item: Json = {"id": call.id, "timestamp": str(int(world.now())), "status": status}
    if call.biz is not None:
        item["biz_opaque_callback_data"] = call.biz
    origin = Origin(waba_id=business.waba_id, business=business)
    world.publish(origin, "calls", call_status_value(business, customer, item), lane=call.id)
