"""What Meta keeps: numbers, profiles, blocked people, templates. Asked of Meta with the number's own token."""

from typing import Final

from starlette.responses import Response

from parley.adapters.whatsapp.graph import segment
from parley.entrypoints.graph.call import INVALID, OK, Call, read_object, reply
from parley.modules.channels import Channel
from parley.modules.partners import MetaRefusal, pages, unknown_object

_OTHERS: Final = ("phone_numbers", "assigned_users", "client_whatsapp", "owned_whatsapp")
"""Edges that a WhatsApp account's `fields` might be asked to show, though they tell of others."""


async def of_number(call: Call) -> Response:
    """An edge of a number, as Meta has it."""
    return call.told(await call.pass_to_meta(await call.number()))


async def of_account(call: Call) -> Response:
    """An edge of a WhatsApp account, as Meta has it."""
    return call.told(await call.pass_to_meta(await call.account()))


async def numbers(call: Call) -> Response:
    """`GET /{waba}/phone_numbers`: those that this workspace has; the account may have others."""
    answer = await call.pass_to_meta(await call.account())
    found = read_object(answer.body)
    if answer.status != OK or found is None:
        return call.told(answer)
    own = frozenset(each.access.number_id for each in await call.channels())
    return reply(pages.without_token(pages.only(found, own), call.base))


async def read_number(call: Call) -> Response:
    """`GET /{phone}`."""
    return call.told(await call.pass_to_meta(await call.number()))


async def read_account(call: Call) -> Response:
    """`GET /{waba}`."""
    channel = await call.account()
    if any(other in call.request.query_params.get("fields", "") for other in _OTHERS):
        raise MetaRefusal(INVALID, "Param fields: ask for such lists at their own address, as /{waba}/phone_numbers.")
    return call.told(await call.pass_to_meta(channel))


async def template(call: Call) -> Response:
    """`GET|POST /{template}`: of an account of this workspace. Raises MetaRefusal for every other id."""
    channel = await _owner_of_template(call)
    return call.told(await call.pass_to_meta(channel))


async def _owner_of_template(call: Call) -> Channel:
    """A token may reach templates of other workspaces, so the account's own list must have this one."""
    accounts = {each.access.account_id: each for each in await call.channels()}
    for account, channel in accounts.items():
        answer = await call.ask_meta(channel, segment(call.node), query="fields=id,name", method="GET")
        found = read_object(answer.body) or {}
        name = found.get("name")
        if answer.status != OK or not isinstance(name, str):
            continue
        query = f"fields=id,name&limit=100&name={segment(name)}"
        listed = await call.ask_meta(channel, f"{segment(account)}/message_templates", query=query, method="GET")
        if call.node in pages.ids_in(read_object(listed.body)):
            return channel
    raise unknown_object(call.request.method, call.node)
