"""Routes of channels and of what their providers said about them."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from parley.core.errors import NotFound
from parley.kit.keys import KeyService
from parley.kit.rest.ids import ChannelPath
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import UnitHere, provided, resource
from parley.kit.unit import Unit
from parley.modules.channels.domain import Channel
from parley.modules.channels.schemas import ChannelShape, NoticeShape
from parley.modules.channels.service.notices import Notice, list_notices
from parley.modules.channels.service.routes import Routes

router = resource("channels")
ROUTERS = (router,)

RoutesHere = Annotated[Routes, provided(Routes)]


@router.get("/channels", operation_id="list_channels", summary="List channels")
async def read_channels(unit: UnitHere, routes: RoutesHere, window: WindowHere) -> Page[ChannelShape]:
    """The workspace's channels, newest first."""

    async def read(after: UUID | None, limit: int) -> Sequence[Channel]:
        own = await routes.seen_by(unit)
        return [each for each in reversed(own) if after is None or each.id < after][:limit]

    found, cursor = await page_of(window, read, lambda each: each.id)
    return Page(data=[ChannelShape.of(each) for each in found], next_cursor=cursor)


@router.get("/channels/{channel_id}", operation_id="get_channel", summary="Get a channel")
async def read_channel(unit: UnitHere, routes: RoutesHere, channel_id: ChannelPath) -> ChannelShape:
    """A channel: its number, how fast it sends, and whether something stopped it."""
    return ChannelShape.of(await _own(unit, routes, channel_id))


@router.get("/channels/{channel_id}/notices", operation_id="list_notices", summary="List a channel's notices")
async def read_notices(
    unit: UnitHere,
    routes: RoutesHere,
    keys: Annotated[KeyService, provided(KeyService)],
    window: WindowHere,
    channel_id: ChannelPath,
) -> Page[NoticeShape]:
    """What the provider said about this channel, newest first; also what we don't know the meaning of yet."""
    await _own(unit, routes, channel_id)

    async def read(after: UUID | None, limit: int) -> Sequence[Notice]:
        return await list_notices(unit, keys, channel_id, after, limit)

    found, cursor = await page_of(window, read, lambda each: each.id)
    return Page(data=[NoticeShape.of(each) for each in found], next_cursor=cursor)


async def _own(unit: Unit, routes: Routes, wanted: UUID) -> Channel:
    for channel in await routes.seen_by(unit):
        if channel.id == wanted:
            return channel
    raise NotFound("There is no such channel in this workspace; GET /v1/channels lists yours.")
