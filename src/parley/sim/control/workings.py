"""The simulator's own workings: faults, clock, settings, state, accepted sends, webhooks, reset."""

import asyncio
from typing import Annotated

import msgspec

from parley.core import ids
from parley.sim.config import Settings
from parley.sim.control.reading import ControlRefusal, limit_of, read, read_object, wait_for
from parley.sim.deliveries import Delivery
from parley.sim.faults import QUIET, Faults
from parley.sim.handshake import shake_hands
from parley.sim.ledger import Sent
from parley.sim.refusals import MetaError
from parley.sim.web import Answer, Json, Request, answer, as_list, as_object, encode, number_of, text_of
from parley.sim.world import Origin, World


class Clock(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    offset_seconds: float | None = None
    advance_seconds: float = 0.0
    frozen: bool | None = None


class Reset(msgspec.Struct, forbid_unknown_fields=True):
    businesses: bool = False


class Handshake(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    url: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    verify_token: str | None = None


async def show_faults(world: World, _: Request) -> Answer:
    return answer({"everywhere": world.faults.everywhere, "by_number": world.faults.by_number})


async def put_faults(world: World, request: Request) -> Answer:
    body = read_object(request)
    number, seed = body.pop("phone_number_id", None), body.pop("seed", None)
    try:
        faults = msgspec.convert(body, Faults)
    except msgspec.ValidationError as error:
        raise ControlRefusal(400, str(error)) from error
    if isinstance(seed, int):
        ids.chance.seed(seed)
    if number is None:
        world.faults.everywhere = QUIET if faults == QUIET else faults
    else:
        world.faults.by_number[str(number)] = faults
    return await show_faults(world, request)


async def clear_faults(world: World, request: Request) -> Answer:
    world.faults.clear()
    return await show_faults(world, request)


async def show_clock(world: World, _: Request) -> Answer:
    clock = world.clock
    return answer({"now": clock.now(), "offset_seconds": clock.offset, "frozen": clock.frozen})


async def put_clock(world: World, request: Request) -> Answer:
    """Move, stop or start the clock. Going back empties the rates' buckets, which would be full for ever."""
    wish, clock, before = read(request, Clock), world.clock, world.now()
    if wish.frozen is not None:
        (clock.freeze if wish.frozen else clock.thaw)()
    target = clock.offset if wish.offset_seconds is None else wish.offset_seconds
    clock.move_to(target + wish.advance_seconds)
    if clock.now() < before:
        world.paces.clear()
    return await show_clock(world, request)


async def show_settings(world: World, _: Request) -> Answer:
    return answer(world.settings)


async def put_settings(world: World, request: Request) -> Answer:
    merged = {**msgspec.structs.asdict(world.settings), **read_object(request)}
    try:
        world.settings = msgspec.convert(merged, Settings)
    except msgspec.ValidationError as error:
        raise ControlRefusal(400, str(error)) from error
    return answer(world.settings)


async def state(world: World, _: Request) -> Answer:
    ledger = world.ledger
    return answer(
        {
            "accepted": ledger.total,
            "repeated": ledger.repeated,
            "forgotten": ledger.forgotten,
            "phones": len(world.customers),
            "businesses": sum(1 for _ in world.businesses),
            "templates": sum(1 for _ in world.templates),
            "webhooks": world.deliveries.counters,
            "now": world.now(),
        }
    )


async def accepted(world: World, request: Request) -> Answer:
    query = request.query
    since, limit = number_of(query.get("since", ""), 0), limit_of(request)
    biz, to = query.get("biz"), query.get("to", "").lstrip("+ ")

    def look() -> list[Sent]:
        found = world.ledger.since(since, limit)
        return [sent for sent in found if biz in (None, sent.biz) and to in ("", sent.to)]

    def bell() -> asyncio.Event:  # asked anew each time: a reset puts another ledger in its place
        return world.ledger.next_bell()

    found = await wait_for(world, request, look, bell)
    reached = world.ledger.since(since, limit)
    return answer(
        {
            "data": [_accepted(world, sent) for sent in found],
            "next": reached[-1].seq if reached else since,
            "total": world.ledger.total,
            "repeated": world.ledger.repeated,
            "forgotten": world.ledger.forgotten,
        }
    )


def _accepted(world: World, sent: Sent) -> Json:
    return {
        "seq": sent.seq,
        "id": sent.id,
        "phone_number_id": sent.phone_number_id,
        "to": sent.to,
        "type": sent.kind,
        "biz_opaque_callback_data": sent.biz,
        "count": world.ledger.count(sent.biz),
        "status": sent.status,
        "at": sent.at,
    }


async def show_webhooks(world: World, _: Request) -> Answer:
    return answer(world.deliveries.counters)


async def post_webhook(world: World, request: Request) -> Answer:
    """Sign and post any update: a `field` with its `value`, or a whole `payload`."""
    body = read_object(request)
    payload = as_object(body.get("payload"))
    if payload is not None:
        for entry in as_list(payload.get("entry")):
            _post_entry(world, as_object(entry) or {})
        return answer(world.deliveries.counters)
    field, value = text_of(body, "field"), as_object(body.get("value"))
    business = world.businesses.named(text_of(body, "phone_number_id"))
    waba_id = text_of(body, "waba_id") or (business.waba_id if business else "")
    if not field or value is None or not waba_id:
        raise ControlRefusal(400, "Give `field`, `value`, and `phone_number_id` or `waba_id`; or a `payload`.")
    world.publish(Origin(waba_id=waba_id, business=business), field, value)
    return answer(world.deliveries.counters)


def _post_entry(world: World, entry: Json) -> None:
    target = world.target(Origin(waba_id=text_of(entry, "id")))
    if target is None:
        world.deliveries.counters.unaddressed += 1
    else:
        world.deliveries.post(Delivery(target, encode(entry)))


async def handshake(world: World, request: Request) -> Answer:
    wish = read(request, Handshake)
    url = wish.url or world.config.callback_url
    if url is None:
        raise ControlRefusal(400, "No callback URL is configured: give `url`.")
    try:
        await shake_hands(url, world.config.verify_token if wish.verify_token is None else wish.verify_token)
    except MetaError as error:
        raise ControlRefusal(400, error.details) from error
    return answer({"verified": url})


async def reset(world: World, request: Request) -> Answer:
    world.reset(businesses=read(request, Reset).businesses)
    return await state(world, request)
