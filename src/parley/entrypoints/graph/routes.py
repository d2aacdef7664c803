"""Which handler answers which address, and what a key must allow for it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from starlette.responses import Response

from parley.entrypoints.graph import d360, d360_webhook, management, media
from parley.entrypoints.graph.address import PREFIX, Address
from parley.entrypoints.graph.call import Call, Handler
from parley.entrypoints.graph.messages import send_marketing, send_message
from parley.entrypoints.http.authentication import check_scope
from parley.kit.rest.route import Operation
from parley.modules.partners import MetaRefusal, media_ids, unknown_object, unknown_path


@dataclass(frozen=True, slots=True)
class Route:
    """A handler and the scope it needs; `path` is its address below `/graph`, as logs tell it."""

    handle: Handler
    resource: str
    action: str
    path: str

    @property
    def operation(self) -> Operation:
        return Operation(path=f"{PREFIX}{self.path}", resource=self.resource, action=self.action, streams=True)


_PROFILE = "whatsapp_business_profile"
_of_number, _of_account = management.of_number, management.of_account
NUMBER_EDGES: Final[Mapping[tuple[str, str], Route]] = {
    ("POST", "messages"): Route(send_message, "messages", "write", "/{id}/messages"),
    ("POST", "marketing_messages"): Route(send_marketing, "messages", "write", "/{id}/marketing_messages"),
    ("POST", "media"): Route(media.upload, "media", "write", "/{id}/media"),
    ("GET", _PROFILE): Route(_of_number, "channels", "read", f"/{{id}}/{_PROFILE}"),
    ("POST", _PROFILE): Route(_of_number, "channels", "write", f"/{{id}}/{_PROFILE}"),
    ("GET", "block_users"): Route(_of_number, "contacts", "read", "/{id}/block_users"),
    ("POST", "block_users"): Route(_of_number, "contacts", "write", "/{id}/block_users"),
    ("DELETE", "block_users"): Route(_of_number, "contacts", "write", "/{id}/block_users"),
}
ACCOUNT_EDGES: Final[Mapping[tuple[str, str], Route]] = {
    ("GET", "phone_numbers"): Route(management.numbers, "channels", "read", "/{id}/phone_numbers"),
    ("GET", "subscribed_apps"): Route(_of_account, "channels", "read", "/{id}/subscribed_apps"),
    ("GET", "message_templates"): Route(_of_account, "templates", "read", "/{id}/message_templates"),
    ("POST", "message_templates"): Route(_of_account, "templates", "write", "/{id}/message_templates"),
    ("DELETE", "message_templates"): Route(_of_account, "templates", "write", "/{id}/message_templates"),
}
_CONFIGS = ("v1", "configs")
D360: Final[Mapping[tuple[str, tuple[str, ...]], Route]] = {
    ("GET", ("health",)): Route(d360.health, "channels", "read", "/d360/health"),
    ("GET", (*_CONFIGS, "webhook")): Route(d360_webhook.read, "webhook-endpoints", "read", "/d360/v1/configs/webhook"),
    ("POST", (*_CONFIGS, "webhook")): Route(
        d360_webhook.write, "webhook-endpoints", "write", "/d360/v1/configs/webhook"
    ),
    ("GET", (*_CONFIGS, "templates")): Route(d360.list_templates, "templates", "read", "/d360/v1/configs/templates"),
    ("POST", (*_CONFIGS, "templates")): Route(d360.create_template, "templates", "write", "/d360/v1/configs/templates"),
}
_ONE_TEMPLATE = Route(d360.delete_template, "templates", "write", "/d360/v1/configs/templates/{name}")
_NODE, _EDGE = 1, 2
_NODE_PATH = "/{id}"


def route_of(address: Address, method: str) -> Route:
    """What is asked for. Raises MetaRefusal when there is no such thing."""
    parts = address.parts
    dialect = _d360_route(parts, method) if address.dialect == "d360" else None
    if dialect is not None:
        return dialect
    if parts == media.DOWNLOAD and method == "GET":
        return Route(media.fetch, "media", "read", "/whatsapp_business/attachments")
    if len(parts) == _EDGE:
        found = NUMBER_EDGES.get((method, parts[1])) or ACCOUNT_EDGES.get((method, parts[1]))
        if found is not None:
            return found
    if len(parts) == _NODE:
        return _node_route(parts[0], method)
    raise unknown_path(parts)


def _d360_route(parts: tuple[str, ...], method: str) -> Route | None:
    """What only this dialect has; None for what it has in common with Meta's."""
    if len(parts) == 1 and (edge := NUMBER_EDGES.get((method, parts[0]))):
        return replace(edge, handle=d360.of_number(edge.handle), path=f"/d360/{parts[0]}")
    if len(parts) == 1 and (edge := ACCOUNT_EDGES.get((method, parts[0]))):
        return replace(edge, handle=d360.of_account(edge.handle), path=f"/d360/{parts[0]}")
    if parts[:-1] == (*_CONFIGS, "templates") and method == "DELETE":
        return _ONE_TEMPLATE
    return D360.get((method, parts))


def _node_route(node: str, method: str) -> Route:
    """What `/{id}` means depends on whose id it is; that is looked up once it is known who asks."""
    if not node.isascii() or not (node.isdecimal() or media_ids.read(node)):
        raise unknown_object(method, node)
    match method:
        case "GET" if media_ids.read(node):
            return Route(_file, "media", "read", _NODE_PATH)
        case "GET":
            return Route(_node, "channels", "read", _NODE_PATH)
        case "POST":
            return Route(management.template, "templates", "write", _NODE_PATH)
        case "DELETE":
            return Route(media.delete, "media", "write", _NODE_PATH)
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
    check_scope(call.request.state.principal, Route(_node, resource, "read", _NODE_PATH).operation)
