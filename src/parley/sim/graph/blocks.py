"""`/{phone}/block_users`: only people who wrote in the last 24 hours can be blocked."""

from parley.sim.businesses import Business
from parley.sim.customers import Customer
from parley.sim.graph.accounts import business_of, whatsapp_body
from parley.sim.graph.paging import page
from parley.sim.refusals import MetaError
from parley.sim.web import Answer, Json, Request, answer, as_list, as_object, text_of
from parley.sim.world import World


async def list_blocked(world: World, request: Request) -> Answer:
    business = business_of(world, request)
    people = [world.customers.by_user_id(user_id) for user_id in business.blocked]
    users: list[Json] = [
        {"messaging_product": "whatsapp", "wa_id": one.number, "user_id": one.user_id} for one in people if one
    ]
    listing = page(request, users)
    return answer({**listing, "data": [{"block_users": listing["data"]}]})


async def block(world: World, request: Request) -> Answer:
    return _change(world, request, adding=True)


async def unblock(world: World, request: Request) -> Answer:
    return _change(world, request, adding=False)


def _change(world: World, request: Request, *, adding: bool) -> Answer:
    business, body = business_of(world, request), whatsapp_body(request, product=True)
    users = [item for given in as_list(body.get("block_users")) if (item := as_object(given)) is not None]
    if not users:
        raise MetaError(131008, "Parameter 'block_users' is required.")
    done: list[Json] = []
    failed: list[Json] = []
    for user in users:
        name = text_of(user, "user") or text_of(user, "user_id")
        customer = world.customers.by_number(name) or world.customers.by_user_id(name)
        if customer is None or (adding and not customer.window_open(business.phone_number_id, world.now())):
            failed.append({"input": name, "errors": [_too_long_ago().webhook()]})
            continue
        _set(business, customer, world.now() if adding else None)
        done.append({"input": name, "wa_id": customer.number})
    result: Json = {("added_users" if adding else "removed_users"): done}
    if not failed:
        return answer({"messaging_product": "whatsapp", "block_users": result})
    refusal = MetaError(139100, "Some users could not be changed: see failed_users.")
    result["failed_users"] = failed
    return answer({**refusal.body(), "messaging_product": "whatsapp", "block_users": result}, status=400)


def _set(business: Business, customer: Customer, at: float | None) -> None:
    if at is None:
        business.blocked.pop(customer.user_id, None)
    else:
        business.blocked[customer.user_id] = at


def _too_long_ago() -> MetaError:
    return MetaError(131047, "Only people who wrote in the last 24 hours can be blocked.")
