"""`/{phone}/message_history`: what became of a message whose id is known."""

from parley.sim.graph.accounts import business_of
from parley.sim.graph.paging import page
from parley.sim.ledger import Sent
from parley.sim.refusals import MetaError
from parley.sim.web import Answer, Json, Request, answer
from parley.sim.world import APPLICATION_ID, World


async def message_history(world: World, request: Request) -> Answer:
    business = business_of(world, request)
    wamid = request.query.get("message_id", "")
    if not wamid:
        raise MetaError(100, "The parameter message_id is required.")
    sent = world.ledger.get(wamid)
    if sent is None or sent.phone_number_id != business.phone_number_id:
        return answer({"data": []})
    item: Json = {"id": _history_id(sent), "message_id": sent.id, "events": {"data": _events(sent)}}
    return answer(page(request, [item]))


async def history_events(world: World, request: Request) -> Answer:
    """`/{history}/events`."""
    number = request.parts[0].removeprefix("history_")
    found = world.ledger.since(int(number) - 1, 1) if number.isascii() and number.isdigit() and number != "0" else []
    if not found or str(found[0].seq) != number:
        raise MetaError(100, "There is no such message history.", subcode=33)
    wanted = request.query.get("status_filter", "")
    events = [event for event in _events(found[0]) if event["delivery_status"] == (wanted or event["delivery_status"])]
    return answer(page(request, events))


def _history_id(sent: Sent) -> str:
    return f"history_{sent.seq}"


def _events(sent: Sent) -> list[Json]:
    return [
        {
            "id": f"{_history_id(sent)}_{position}",
            "delivery_status": status.upper(),
            "timestamp": int(at),
            "webhook_update_state": "DELIVERED",
            "application": {"id": APPLICATION_ID},
        }
        for position, (status, at) in enumerate(sent.events)
    ]
