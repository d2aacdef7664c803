"""Queue what a Cloud API program sends: its ids become ours, its number is asked whether it may send at all."""

from datetime import datetime
from typing import Final

from parley.core.content import Content
from parley.core.errors import Refused
from parley.core.ids import WorkspaceId
from parley.core.time import now
from parley.kit.unit import Unit
from parley.modules.channels import Channel
from parley.modules.conversations import (
    Desk,
    NotTaken,
    Queued,
    Request,
    messages_of,
    read_stand_in,
    send,
)
from parley.modules.media import get_media
from parley.modules.partners.facade.asked import Asked
from parley.modules.partners.facade.media_ids import own_files
from parley.modules.partners.facade.refusals import (
    ACCESS_DENIED,
    MAINTENANCE,
    NO_TEMPLATE,
    SOMETHING_WRONG,
    TEMPLATE_DISABLED,
    TEMPLATE_PAUSED,
    WRONG_VALUE,
    MetaRefusal,
)
from parley.modules.templates import find_template, language_of

_BY_STATE: Final = {"PAUSED": TEMPLATE_PAUSED, "DISABLED": TEMPLATE_DISABLED}


async def queue_message(unit: Unit, desk: Desk, channel: Channel, asked: Asked) -> Queued:
    """The queued message. Raises MetaRefusal and ParleyError."""
    check_number(channel, now())
    for file in own_files(asked.content.body):
        await get_media(unit, desk.directory.people, file)
    content = await _referring(unit, desk, asked)
    request = Request(
        channel=channel.id,
        to=asked.to,
        content=content,
        callback=asked.callback,
        marketing=asked.way is not None,
        way=asked.way,
    )
    try:
        return await send(unit, desk, request)
    except Refused as error:
        if error.reason != "template_not_usable":
            raise
        raise await _unusable(unit, desk, (channel, content), error) from error


def check_number(channel: Channel, moment: datetime) -> None:
    """Raises MetaRefusal when the number may not send: with the code that stopped it, where Meta gave one."""
    over = channel.paused_until is not None and channel.paused_until <= moment
    if channel.state == "active" or over:
        return
    if channel.state == "token_refused":
        # Not 190: that would send the program looking for a fault in its own key.
        raise MetaRefusal(ACCESS_DENIED, "Meta no longer accepts the access token kept for this number; replace it.")
    if channel.state_code is None:
        raise MetaRefusal(MAINTENANCE, "This number is paused in Parley; resume it to send.")
    sentence = "Sending from this number is stopped; `parley doctor` and GET /v1/channels say why."
    raise MetaRefusal(channel.state_code, sentence)


def refusal_told(outcome: NotTaken) -> MetaRefusal:
    """What to tell of a message that failed without Meta's own words."""
    return MetaRefusal(outcome.code or SOMETHING_WRONG, outcome.detail or outcome.title)


async def _referring(unit: Unit, desk: Desk, asked: Asked) -> Content:
    """The content, the messages that it refers to under the provider's ids."""
    content = asked.content
    meant = {name: message for name in asked.names if (message := read_stand_in(name)) is not None}
    if not meant:
        return content
    known = await messages_of(unit, desk.directory.people, list(meant.values()))
    ids: dict[str, str] = {}
    for name, message in meant.items():
        found = known.get(message)
        if found is None or found.provider_id is None:
            told = "is not known" if found is None else "has not reached WhatsApp yet; wait until it is sent"
            raise MetaRefusal(WRONG_VALUE, f"Parameter 'message_id': the message {name} {told}.")
        ids[name] = found.provider_id
    named = content.body.get("message_id")
    body = {**content.body, "message_id": ids[named]} if isinstance(named, str) and named in ids else content.body
    return Content(content.kind, body, ids.get(content.context or "", content.context))


async def _unusable(unit: Unit, desk: Desk, found_at: tuple[Channel, Content], error: Refused) -> MetaRefusal:
    """Which of Meta's refusals a template meets."""
    channel, content = found_at
    named = (channel.access.account_id, str(content.body.get("name") or ""), language_of(content.body) or "")
    found = await find_template(unit, desk.directory.people.scopes, WorkspaceId(unit.workspace), named)
    return MetaRefusal(_BY_STATE.get(found.status if found else "", NO_TEMPLATE), error.detail)
