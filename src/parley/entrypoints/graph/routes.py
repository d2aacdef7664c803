"""Which handler answers which address, and what a key must allow for it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from starlette.responses import Response

from parley.entrypoints.graph import management, media
from parley.entrypoints.graph.address import Address
from parley.entrypoints.graph.call import Call
from parley.entrypoints.graph.messages import send_message
from parley.entrypoints.http.authentication import check_scope
from parley.kit.rest.route import Operation
from parley.modules.partners import MetaRefusal, media_ids, unknown_object, unknown_path

Handler: TypeAlias = Callable[[Call], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Route:
    """A handler and the scope it needs."""

    handle: Handler
    resource: str
    action: str

    @property
    def operation(self) -> Operation:
        return Operation(resource=self.resource, action=self.action, streams=True)


_PROFILE = "whatsapp_business_profile"
_of_number, _of_account = management.of_number, management.of_account
NUMBER_EDGES: Final[Mapping[tuple[str, str], Route]] = {
    ("POST", "messages"): Route(send_message, "messages", "write"),
    ("POST", "media"): Route(media.upload, "media", "write"),
    ("GET", _PROFILE): Route(_of_number, "channels", "read"),
    ("POST", _PROFILE): Route(_of_number, "channels", "write"),
    ("GET", "block_users"): Route(_of_number, "contacts", "read"),
    ("POST", "block_users"): Route(_of_number, "contacts", "write"),
    ("DELETE", "block_users"): Route(_of_number, "contacts", "write"),
}
ACCOUNT_EDGES: Final[Mapping[tuple[str, str], Route]] = {
    ("GET", "phone_numbers"): Route(management.numbers, "channels", "read"),
    ("GET", "subscribed_apps"): Route(_of_account, "channels", "read"),
    ("GET", "message_templates"): Route(_of_account, "templates", "read"),
    ("POST", "message_templates"): Route(_of_account, "templates", "write"),
    ("DELETE", "message_templates"): Route(_of_account, "templates", "write"),
}
_NODE, _EDGE = 1, 2


def route_of(address: Address, method: str) -> Route:
    """What is asked for. Raises MetaRefusal when there is no such thing."""
    parts = address.parts
    if parts == media.DOWNLOAD and method == "GET":
        return Route(media.fetch, "media", "read")
    if len(parts) == _EDGE:
        found = NUMBER_EDGES.get((method, parts[1])) or ACCOUNT_EDGES.get((method, parts[1]))
        if found is not None:
            return found
    if len(parts) == _NODE:
        return _node_route(parts[0], method)
    raise unknown_path(parts)


def _node_route(node: str, method: str) -> Route:
    """What `/{id}` means depends on whose id it is; that is looked up once it is known who asks."""
    if not node.isascii() or not (node.isdecimal() or media_ids.read(node)):
        raise unknown_object(method, node)
    match method:
        case "GET" if media_ids.read(node):
            return Route(_file, "media", "read")
        case "GET":
            return Route(_node, "channels", "read")
        case "POST":
            return Route(management.template, "templates", "write")
        case "DELETE":
            return Route(media.delete, "media", "write")
    raise MetaRefusal(100, f"Unsupported {method.lower()} request.")


async def _file(call: Call) -> Response:
    found = await media.read(call)
    if found is None:
        raise unknown_object("GET", call.node)
    return found


async def _node(call: Call) -> Response:
    """A number, an account, a file that came in, or a template."""
    for channel in await call.channels():
        if call.node == channel.access.number_id:
            return await management.read_number(call)
        if call.node == channel.access.account_id:
            return await management.read_account(call)
    _allow(call, "media")
    found = await media.read(call)
    if found is not None:
        return found
    _allow(call, "templates")
    return await management.template(call)


def _allow(call: Call, resource: str) -> None:
    check_scope(call.request.state.principal, Operation(resource=resource, action="read", streams=True))
