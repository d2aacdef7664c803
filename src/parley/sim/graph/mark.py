"""Marking a message as read, with or without the typing indicator: part of `POST /{phone}/messages`."""

from parley.sim.businesses import Business
from parley.sim.names import person_of
from parley.sim.refusals import MetaError
from parley.sim.web import SUCCESS, Answer, Json, as_object, text_of
from parley.sim.world import World


def mark(world: World, business: Business, message: Json) -> Answer:
    """The person sees blue ticks, and that somebody types."""
    if message.get("messaging_product") != "whatsapp":
        raise MetaError(100, "The parameter messaging_product is required and must be 'whatsapp'.")
    if message["status"] != "read":
        raise MetaError(100, "Param status must be one of read.")
    wamid = text_of(message, "message_id")
    if not wamid:
        raise MetaError(131008, "Parameter 'message_id' is required.")
    if not wamid.startswith("wamid."):
        raise MetaError(131009, "Parameter 'message_id' must be the id of a message you received.")
    typing = message.get("typing_indicator")
    if typing is not None and (as_object(typing) or {}).get("type") != "text":
        raise MetaError(131009, "Parameter 'typing_indicator.type' must be text.")
    customer = world.customers.by_number(person_of(wamid) or "")
    if customer is not None and business.phone_number_id in customer.wrote_at:
        customer.seen_read = wamid
        customer.typing = typing is not None
    return SUCCESS
