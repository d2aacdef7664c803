"""`/{phone}/calls` and `/call_permissions`: signalling only, no media."""

import asyncio

from parley.sim.businesses import Business
from parley.sim.calls import Call
from parley.sim.customers import Customer
from parley.sim.graph.accounts import business_of, whatsapp_body
from parley.sim.names import new_wacid
from parley.sim.phone_calls import call_event, end_call, tell_call_status
from parley.sim.refusals import MetaError
from parley.sim.web import Answer, Json, Request, answer, as_object, text_of
from parley.sim.world import World

RING_SECONDS = 0.05  # between ringing and picking up
SDP_ANSWER = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=simulator\r\nt=0 0\r\n"
_ACTIONS = ("connect", "pre_accept", "accept", "reject", "terminate")


async def calls(world: World, request: Request) -> Answer:
    """Place a call, or answer, refuse or end one."""
    business, body = business_of(world, request), whatsapp_body(request, product=True)
    action = text_of(body, "action")
    if action not in _ACTIONS:
        raise MetaError(100, f"Param action must be one of {', '.join(_ACTIONS)}.")
    if action == "connect":
        return _connect(world, business, body)
    call = world.calls.get(text_of(body, "call_id"))
    if call is None or call.phone_number_id != business.phone_number_id:
        raise MetaError(100, "Param call_id must be the id of a call of this number.")
    if call.state == "ended":
        raise MetaError(100, "This call has ended.")
    if action in ("pre_accept", "accept"):
        call.answer = _sdp(body, "answer")
    if action == "accept":
        call.state, call.started_at = "accepted", world.now()
    if action in ("reject", "terminate"):
        end_call(world, call)
    return answer({"messaging_product": "whatsapp", "success": True})


async def call_permissions(world: World, request: Request) -> Answer:
    """Everybody who has written may be called."""
    business = business_of(world, request)
    customer = world.customers.by_number(request.query.get("user_wa_id", ""))
    allowed = customer is not None and business.phone_number_id in customer.wrote_at
    return answer(
        {
            "messaging_product": "whatsapp",
            "permission": {"status": "permanent" if allowed else "no_permission"},
            "actions": [
                {"action_name": "send_call_permission_request", "can_perform_action": not allowed},
                {"action_name": "start_call", "can_perform_action": allowed},
            ],
        }
    )


def _connect(world: World, business: Business, body: Json) -> Answer:
    offer = _sdp(body, "offer")
    customer = world.customers.by_number(text_of(body, "to")) or world.customers.by_user_id(text_of(body, "recipient"))
    if customer is None or not customer.behaviour.on_whatsapp:
        raise MetaError(138001, "This person can't take calls.")
    if business.phone_number_id not in customer.wrote_at:
        raise MetaError(138006, "This person has not allowed calls: send a call_permission_request.")
    call = world.calls.put(
        Call(
            id=new_wacid(customer.number),
            phone_number_id=business.phone_number_id,
            number=customer.number,
            direction="BUSINESS_INITIATED",
            offer=offer,
            biz=text_of(body, "biz_opaque_callback_data") or None,
        )
    )
    later = asyncio.get_running_loop().call_later
    later(0, tell_call_status, world, call, "RINGING")
    later(RING_SECONDS, _picked_up, world, call, customer)
    return answer({"messaging_product": "whatsapp", "calls": [{"id": call.id}]})


def _picked_up(world: World, call: Call, customer: Customer) -> None:
    if call.state != "ringing":
        return
    if not customer.behaviour.answers_calls:
        tell_call_status(world, call, "REJECTED")
        end_call(world, call)
        return
    call.state, call.started_at, call.answer = "accepted", world.now(), SDP_ANSWER
    call_event(world, call, "connect", {"session": {"sdp_type": "answer", "sdp": call.answer}})
    tell_call_status(world, call, "ACCEPTED")


def _sdp(body: Json, kind: str) -> str:
    session = as_object(body.get("session")) or {}
    if session.get("sdp_type") != kind or not text_of(session, "sdp"):
        raise MetaError(131009, f"Parameter 'session' must be an SDP of type {kind}.")
    return text_of(session, "sdp")
