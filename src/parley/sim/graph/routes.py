"""Which handler answers which address of the Graph API."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from parley.sim.faults import QUIET, before_acceptance
from parley.sim.graph import accounts, blocks, calls, coexistence, history, media, oauth, templates
from parley.sim.graph.send import send_marketing_message, send_message
from parley.sim.refusals import MetaError, unknown_object
from parley.sim.web import Answer, Request
from parley.sim.world import World

Handler: TypeAlias = Callable[[World, Request], Awaitable[Answer]]

OLDEST, NEWEST = 20, 26  # versions of the Graph API that are answered
_WHOLE, _EDGE = 1, 2  # segments of /{id} and /{id}/{edge}

EDGES: dict[tuple[str, str], Handler] = {
    ("POST", "messages"): send_message,
    ("POST", "marketing_messages"): send_marketing_message,
    ("POST", "media"): media.upload_media,
    ("POST", "uploads"): media.begin_upload,
    ("GET", "message_templates"): templates.list_templates,
    ("POST", "message_templates"): templates.create_template,
    ("DELETE", "message_templates"): templates.delete_template,
    ("GET", "phone_numbers"): accounts.list_numbers,
    ("GET", "subscribed_apps"): accounts.subscriptions,
    ("POST", "subscribed_apps"): accounts.subscriptions,
    ("DELETE", "subscribed_apps"): accounts.subscriptions,
    ("GET", "whatsapp_business_profile"): accounts.profile,
    ("POST", "whatsapp_business_profile"): accounts.profile,
    ("GET", "settings"): accounts.settings,
    ("POST", "settings"): accounts.settings,
    ("POST", "register"): accounts.register,
    ("POST", "smb_app_data"): coexistence.share,
    ("POST", "deregister"): accounts.deregister,
    ("POST", "request_code"): accounts.accept_code,
    ("POST", "verify_code"): accounts.accept_code,
    ("GET", "block_users"): blocks.list_blocked,
    ("POST", "block_users"): blocks.block,
    ("DELETE", "block_users"): blocks.unblock,
    ("POST", "calls"): calls.calls,
    ("GET", "call_permissions"): calls.call_permissions,
    ("GET", "message_history"): history.message_history,
    ("GET", "events"): history.history_events,
}
NAMED: dict[str, Handler] = {
    "debug_token": oauth.debug_token,
    "oauth/access_token": oauth.exchange_code,
    "/".join(media.DOWNLOAD): media.download_media,
}


async def handle(world: World, request: Request) -> Answer:
    """Answer one request, after the faults that come before its acceptance."""
    parts = request.parts
    if not OLDEST <= request.version <= NEWEST:
        raise MetaError(2635, f"Use a version from v{OLDEST}.0 to v{NEWEST}.0.")
    faults = world.faults.of(parts[0] if parts else "")
    if faults is not QUIET:
        await before_acceptance(faults)
    return await _handler(world, request)(world, request)


def _handler(world: World, request: Request) -> Handler:
    parts = request.parts
    if len(parts) == _EDGE:
        edge = EDGES.get((request.method, parts[1]))
        if edge is not None:
            return edge
    named = NAMED.get("/".join(parts))
    if named is not None:
        return named
    if len(parts) == _WHOLE:
        return _node(world, request)
    raise MetaError(100, f"Unsupported {request.method.lower()} request: there is no such edge.")


def _node(world: World, request: Request) -> Handler:
    """What `/{id}` means depends on whose id it is."""
    node, method = request.parts[0], request.method
    if node.startswith("upload:"):
        return media.continue_upload
    if world.businesses.get(node) is not None:
        return _by_method(method, accounts.read_number, accounts.change_number, None)
    if world.templates.get(node) is not None:
        return _by_method(method, templates.read_template, templates.edit_template, None)
    if world.media.get(node, world.now()) is not None:
        return _by_method(method, media.read_media, None, media.delete_media)
    if world.businesses.of_waba(node):
        return accounts.read_account
    if method == "GET" and world.settings.lenient and "fields" in request.query:
        return accounts.read_number
    return _unknown


async def _unknown(_: World, request: Request) -> Answer:
    raise unknown_object(request.parts[0])


def _by_method(method: str, read: Handler, change: Handler | None, remove: Handler | None) -> Handler:
    return {"GET": read, "POST": change, "DELETE": remove}.get(method) or _unknown
