"""`/sim/phones/{number}/messages` and `/tap`: writing, seeing what arrived, tapping."""

import msgspec

from parley.sim.control.reading import (
    ControlRefusal,
    business,
    limit_of,
    phone,
    phone_or_new,
    read,
    read_object,
    wait_for,
)
from parley.sim.customers import Customer
from parley.sim.inbound import write
from parley.sim.ledger import Sent
from parley.sim.screen import Option, options, words
from parley.sim.web import Answer, Json, Request, answer, number_of, text_of
from parley.sim.world import World


class Tap(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which option: its position from 1, its id, or its title. Without `message_id` the last that has some."""

    index: int | None = None
    id: str | None = None
    title: str | None = None
    message_id: str | None = None


async def say(world: World, request: Request) -> Answer:
    """A customer writes, and is created by it."""
    said = read_object(request)
    one = business(world, text_of(said, "to") or text_of(said, "phone_number_id"))
    customer = phone_or_new(world, request.parts[2])
    said.setdefault("host", request.header(b"host"))
    message_id = write(world, one, customer, said)
    return answer({"id": message_id, "to": f"+{one.number}", "phone_number_id": one.phone_number_id})


async def arrived(world: World, request: Request) -> Answer:
    customer = phone(world, request)
    after = number_of(request.query.get("after", ""), 0)
    sender = request.query.get("from", "")
    only = business(world, sender).phone_number_id if sender else ""
    limit = limit_of(request)

    def look() -> list[tuple[int, Sent]]:
        found = customer.arrived_after(after)
        return [(at, sent) for at, sent in found if only in ("", sent.phone_number_id)][:limit]

    found = await wait_for(world, request, look, customer.next_bell)
    return answer({"data": [_view(world, at, sent) for at, sent in found], "next": found[-1][0] if found else after})


async def tap(world: World, request: Request) -> Answer:
    """Tap a button of a message or a row of its list; answers with the id of the reply."""
    customer, wish = phone(world, request), read(request, Tap)
    sent = _tappable(world, customer, wish)
    chosen = next((option for option in options(world, sent) if _meant(option, wish)), None)
    if chosen is None or chosen.reply is None:
        raise ControlRefusal(404, "There is no such button or row to tap in that message.")
    one = business(world, sent.phone_number_id)
    message_id = write(world, one, customer, {**chosen.reply, "context": {"message_id": sent.id}})
    return answer({"id": message_id, "title": chosen.title})


def _tappable(world: World, customer: Customer, wish: Tap) -> Sent:
    for sent in reversed(customer.arrived):
        if wish.message_id in (None, sent.id) and options(world, sent):
            return sent
    raise ControlRefusal(404, "No message with buttons or rows has arrived on this phone.")


def _meant(option: Option, wish: Tap) -> bool:
    if wish.index is not None:
        return option.index == wish.index
    if wish.id is not None:
        return option.id == wish.id
    return option.title == wish.title


def _view(world: World, at: int, sent: Sent) -> Json:
    one = world.businesses.get(sent.phone_number_id)
    view: Json = {
        "seq": at,
        "id": sent.id,
        "from": f"+{one.number}" if one else "",
        "phone_number_id": sent.phone_number_id,
        "type": sent.kind,
        sent.kind: sent.message.get(sent.kind),
        "words": words(world, sent),
        "options": [option.view() for option in options(world, sent)],
        "biz_opaque_callback_data": sent.biz,
        "status": sent.status,
        "at": sent.at,
    }
    if "context" in sent.message:
        view["context"] = sent.message["context"]
    return view
