"""What the control handlers share: typed bodies, the business and the phone meant, waiting."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import msgspec

from parley.core import time
from parley.sim.businesses import Business, find_business
from parley.sim.customers import Customer, digits_of
from parley.sim.refusals import MetaError
from parley.sim.web import Json, Request, number_of
from parley.sim.world import World

MOST_WAIT = 60.0  # seconds a long poll may last
MOST_LISTED = 10_000

Body = TypeVar("Body")
Found = TypeVar("Found")


class ControlRefusal(Exception):
    """A request to the control API that can't be done, and why."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


def read(request: Request, shape: type[Body]) -> Body:
    """The body in its shape; 400 says which member is wrong. An empty body is the empty object."""
    try:
        return msgspec.json.decode(request.body or b"{}", type=shape)
    except msgspec.DecodeError as error:
        raise ControlRefusal(400, str(error)) from error


def read_object(request: Request) -> Json:
    body = request.json()
    if body is None:
        raise ControlRefusal(400, "The body must be a JSON object.")
    return body


def phone(world: World, request: Request) -> Customer:
    """The customer in the path; 404 when nobody made it."""
    found = world.customers.by_number(request.parts[2])
    if found is None:
        raise ControlRefusal(404, f"There is no phone {request.parts[2]}: POST /sim/phones first.")
    return found


def phone_or_new(world: World, text: str) -> Customer:
    found = world.customers.by_number(text)
    if found is not None:
        return found
    digits = digits_of(text)
    if digits is None:
        raise ControlRefusal(400, f"Write the phone as E.164, for example +15550001111; got {text!r}.")
    return world.customer(digits)


def business(world: World, name: str) -> Business:
    """The business of this number or id; the only one when the name is empty."""
    if not name:
        every = list(world.businesses)
        if len(every) == 1:
            return every[0]
        raise ControlRefusal(400, f"Say which business in `to`: {len(every)} are registered.")
    found = world.businesses.named(name) or world.businesses.named(digits_of(name) or "")
    if found is not None:
        return found
    try:
        return find_business(world.businesses, name, lenient=world.settings.lenient)
    except MetaError as error:
        raise ControlRefusal(404, f"There is no business {name}: POST /sim/businesses first.") from error


def limit_of(request: Request, usual: int = 1000) -> int:
    return max(1, min(number_of(request.query.get("limit", ""), usual), MOST_LISTED))


async def wait_for(
    world: World, request: Request, look: Callable[[], list[Found]], bell: Callable[[], asyncio.Event]
) -> list[Found]:
    """What `look` finds; when that is nothing, again after each ring, for at most `?wait=` seconds."""
    try:
        wait = min(float(request.query.get("wait", "0") or "0"), MOST_WAIT)
    except ValueError:
        raise ControlRefusal(400, "`wait` is a number of seconds.") from None
    until = time.elapsed_seconds() + wait
    found = look()
    while not found and not world.closing and (left := until - time.elapsed_seconds()) > 0:
        ring = bell()
        world.polls.add(ring)
        try:
            await asyncio.wait_for(ring.wait(), left)
        except TimeoutError:
            break
        finally:
            world.polls.discard(ring)
        found = look()
    return found
