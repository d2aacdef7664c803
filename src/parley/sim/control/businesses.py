"""`/sim/businesses`: numbers, and what Meta changes about them."""

import msgspec

from parley.core import ids
from parley.sim import reviews
from parley.sim.businesses import DEFAULT_WABA, SIGNUP_PREFIX, STANDARD, Business, Signup
from parley.sim.control.reading import ControlRefusal, business, read
from parley.sim.poster import Address
from parley.sim.web import Answer, Json, Request, answer
from parley.sim.world import World

CODE_SECONDS = 30  # Meta's


class NewBusiness(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    phone_number_id: str
    waba_id: str = DEFAULT_WABA
    number: str = ""
    name: str = "Simulated business"
    token: str | None = None
    app_secret: str | None = None
    callback_url: str | None = None
    verify_token: str | None = None
    throughput: int = STANDARD
    marketing_terms: bool = True


class NewSignup(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`pin`: the number has a two-step PIN already."""

    phone_number_id: str
    waba_id: str
    number: str = ""
    coexistence: bool = False
    pin: str | None = None


class Change(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`event` is derived when left out: FLAGGED or UNFLAGGED, THROUGHPUT_UPGRADE, UPGRADE."""

    quality_rating: str | None = None
    limit_tier: str | None = None
    throughput: int | None = None
    name: str | None = None
    event: str | None = None


async def register(world: World, request: Request) -> Answer:
    new = read(request, NewBusiness)
    if new.callback_url:
        try:
            Address(new.callback_url)
        except ValueError as error:
            raise ControlRefusal(400, str(error)) from error
    made = world.businesses.put(
        Business(
            phone_number_id=new.phone_number_id,
            waba_id=new.waba_id,
            number="".join(digit for digit in new.number if digit.isdigit()),
            name=new.name,
            token=new.token,
            app_secret=new.app_secret,
            callback_url=new.callback_url,
            verify_token=new.verify_token,
            throughput=max(1, new.throughput),
            marketing_terms=new.marketing_terms,
        )
    )
    return answer(_view(made))


async def sign_up(world: World, request: Request) -> Answer:
    """A customer goes through Embedded Signup: a number nobody may use yet, and the code that gives its token."""
    new = read(request, NewSignup)
    world.businesses.put(
        Business(
            phone_number_id=new.phone_number_id,
            waba_id=new.waba_id,
            number="".join(digit for digit in new.number if digit.isdigit()),
            token=ids.new_uuid().hex,
            pin=new.pin,
            registered=new.coexistence,
            on_business_app=new.coexistence,
            onboarded_at=world.now(),
        )
    )
    world.businesses.unsubscribed.add(new.waba_id)
    code = f"{SIGNUP_PREFIX}{ids.new_uuid().hex}"
    world.businesses.signups[code] = Signup(new.phone_number_id, world.now() + CODE_SECONDS)
    return answer({"code": code, "phone_number_id": new.phone_number_id, "waba_id": new.waba_id})


async def listing(world: World, _: Request) -> Answer:
    return answer({"data": [_view(one) for one in world.businesses]})


async def change(world: World, request: Request) -> Answer:
    one, wish = business(world, request.parts[2]), read(request, Change)
    event = wish.event or _event(one, wish)
    one.quality = wish.quality_rating or one.quality
    one.limit_tier = wish.limit_tier or one.limit_tier
    one.throughput = wish.throughput or one.throughput
    one.name = wish.name or one.name
    if event:
        reviews.tell_number(world, one, event)
    return answer(_view(one))


def _event(one: Business, wish: Change) -> str:
    if wish.quality_rating and wish.quality_rating != one.quality:
        return "FLAGGED" if wish.quality_rating == "RED" else "UNFLAGGED"
    if wish.throughput and wish.throughput > one.throughput:
        return "THROUGHPUT_UPGRADE"
    return "UPGRADE" if wish.limit_tier and wish.limit_tier != one.limit_tier else ""


def _view(one: Business) -> Json:
    return {
        "phone_number_id": one.phone_number_id,
        "waba_id": one.waba_id,
        "number": f"+{one.number}",
        "name": one.name,
        "callback_url": one.callback_url,
        "throughput": one.throughput,
        "quality_rating": one.quality,
        "limit_tier": one.limit_tier,
        "registered": one.registered,
    }
