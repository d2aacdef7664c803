"""Which handler answers which address under `/sim`."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from parley.sim.control import businesses, chats, phones, things, workings
from parley.sim.control.reading import ControlRefusal
from parley.sim.refusals import MetaError
from parley.sim.web import Answer, Request, answer
from parley.sim.world import World

Handler: TypeAlias = Callable[[World, Request], Awaitable[Answer]]

ROUTES: dict[str, Handler] = {
    "POST businesses": businesses.register,
    "POST signups": businesses.sign_up,
    "GET businesses": businesses.listing,
    "PUT businesses/*": businesses.change,
    "GET phones": phones.listing,
    "POST phones": phones.put,
    "PUT phones": phones.put,
    "PUT phones/*": phones.put,
    "POST phones/*": phones.put,
    "GET phones/*": phones.show,
    "POST phones/*/messages": chats.say,
    "GET phones/*/messages": chats.arrived,
    "POST phones/*/tap": chats.tap,
    "POST phones/*/read": phones.read_chat,
    "POST phones/*/block": phones.block,
    "POST phones/*/unblock": phones.unblock,
    "POST phones/*/marketing": phones.marketing,
    "POST phones/*/number": phones.change_number,
    "POST phones/*/calls": things.place_call,
    "GET calls/*": things.show_call,
    "POST calls/*/hangup": things.hang_up,
    "GET templates": things.list_templates,
    "POST templates": things.add_template,
    "PUT templates/*": things.change_template,
    "POST media": things.add_media,
    "GET faults": workings.show_faults,
    "PUT faults": workings.put_faults,
    "DELETE faults": workings.clear_faults,
    "GET clock": workings.show_clock,
    "PUT clock": workings.put_clock,
    "GET settings": workings.show_settings,
    "PUT settings": workings.put_settings,
    "GET state": workings.state,
    "GET accepted": workings.accepted,
    "GET webhooks": workings.show_webhooks,
    "POST webhooks": workings.post_webhook,
    "POST handshake": workings.handshake,
    "POST reset": workings.reset,
    "GET demo/orders/*": things.show_order,
    "PUT demo/orders/*": things.put_order,
}


async def handle(world: World, request: Request) -> Answer:
    """Answer one request to the control API."""
    handler = ROUTES.get(f"{request.method} {_shape(request.parts[1:])}", _nothing)
    try:
        return await handler(world, request)
    except ControlRefusal as refusal:
        return answer({"detail": refusal.detail}, status=refusal.status)
    except MetaError as refusal:
        return answer({"detail": refusal.details, "code": refusal.code}, status=refusal.kind.status)


async def _nothing(_: World, __: Request) -> Answer:
    raise ControlRefusal(404, "There is no such address under /sim; see parley.sim.control.")


def _shape(parts: list[str]) -> str:
    """The address with names instead of values: `phones/*/messages`."""
    if parts[:1] == ["demo"]:
        return "/".join([*parts[:2], *("*" for _ in parts[2:])])
    return "/".join("*" if position == 1 else part for position, part in enumerate(parts))
