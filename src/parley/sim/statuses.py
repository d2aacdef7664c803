"""What happens to an accepted message: sent, delivered to the phone, read; or failed."""

import asyncio
from collections.abc import Callable

from parley.sim.businesses import Business
from parley.sim.customers import Customer
from parley.sim.ledger import Sent
from parley.sim.payloads import Report, status_value
from parley.sim.refusals import MetaError
from parley.sim.world import Origin, World

RANKS = {"sent": 1, "delivered": 2, "read": 3, "played": 4, "failed": 5}


def begin(world: World, sent: Sent, customer: Customer | None, refusal: MetaError | None) -> None:
    """Set an accepted message on its way; with a refusal its one status is `failed`."""
    pace = world.settings.sent_seconds
    if refusal is not None:
        _later(pace or 0.0, report, world, Report(sent=sent, status="failed", at=0, customer=customer, error=refusal))
    elif customer is not None:
        _later(pace or 0.0, _sent, world, sent, customer)


def _sent(world: World, sent: Sent, customer: Customer) -> None:
    if world.settings.sent_seconds is not None:
        report(world, Report(sent=sent, status="sent", at=0, customer=customer))
    pace = _pace(customer.behaviour.delivered_seconds, world.settings.delivered_seconds)
    if pace is None:
        return
    _later(pace, _deliver, world, sent, customer)


def _deliver(world: World, sent: Sent, customer: Customer) -> None:
    customer.receive(sent)
    if sent.kind == "reaction" or world.settings.sent_seconds is None:
        return
    report(world, Report(sent=sent, status="delivered", at=0, customer=customer))
    pace = _pace(customer.behaviour.read_seconds, world.settings.read_seconds)
    if pace is not None:
        _later(pace, report, world, Report(sent=sent, status="read", at=0, customer=customer))


def report(world: World, told: Report) -> None:
    """Note a status and post it, once, and never one below what was reported already. `at` 0 means now."""
    sent = told.sent
    if sent.events and RANKS[told.status] <= RANKS[sent.events[-1][0]]:
        return
    business = world.businesses.get(sent.phone_number_id)
    if business is None or world.ledger.get(sent.id) is not sent:
        return  # forgotten, or the simulator was reset meanwhile
    at = told.at or world.now()
    sent.events.append((told.status, at))
    dated = Report(sent=sent, status=told.status, at=at, customer=told.customer, error=told.error)
    origin = Origin(waba_id=business.waba_id, business=business)
    world.publish(origin, "messages", status_value(business, dated))


def read_all(world: World, business: Business, customer: Customer) -> int:
    """The person opens the chat: what arrived from this number is read. How many were."""
    unread = [
        sent
        for sent in customer.arrived
        if sent.phone_number_id == business.phone_number_id and sent.status in ("sent", "delivered")
    ]
    for sent in unread:
        report(world, Report(sent=sent, status="read", at=0, customer=customer))
    return len(unread)


def _pace(own: float | None, usual: float | None) -> float | None:
    pace = usual if own is None else own
    return None if pace is None or pace < 0 else pace


def _later(seconds: float, action: Callable[..., None], *arguments: object) -> None:
    asyncio.get_running_loop().call_later(seconds, action, *arguments)
