"""Routes of channels and of what their providers said about them."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Response

from parley.core.errors import Forbidden, NotFound
from parley.core.ids import WorkspaceId
from parley.kit.keys import KeyService
from parley.kit.rest.ids import ChannelPath
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import CallerHere, FinishHere, OutsideRoute, UnitHere, WorkspaceHere, provided, resource
from parley.kit.unit import Caller, Unit
from parley.modules.channels.domain import Channel, ChannelAccess, NewChannel
from parley.modules.channels.schemas import (
    ChannelDetailShape,
    ChannelPatch,
    ChannelRequest,
    ChannelShape,
    HealthShape,
    NoticeShape,
    ProfileChange,
    ProfileShape,
)
from parley.modules.channels.service.add_channel import add_channel, added
from parley.modules.channels.service.change_channel import ChannelChange, change_channel, remove_channel
from parley.modules.channels.service.health import HealthDesk, request_check
from parley.modules.channels.service.notices import Notice, list_notices
from parley.modules.channels.service.routes import Routes
from parley.modules.channels.store.channels import last_seen

router = resource("channels")
outside = resource("channels", route=OutsideRoute)

RoutesHere = Annotated[Routes, provided(Routes)]
DeskHere = Annotated[HealthDesk, provided(HealthDesk)]


@router.get("/channels", operation_id="list_channels", summary="List channels")
async def read_channels(unit: UnitHere, routes: RoutesHere, window: WindowHere) -> Page[ChannelShape]:
    """The workspace's channels, newest first."""

    async def read(after: UUID | None, limit: int) -> Sequence[Channel]:
        own = await routes.seen_by(unit)
        return [each for each in reversed(own) if after is None or each.id < after][:limit]

    found, cursor = await page_of(window, read, lambda each: each.id)
    return Page(data=[ChannelShape.of(each) for each in found], next_cursor=cursor)


@router.get("/channels/{channel_id}", operation_id="get_channel", summary="Get a channel")
async def read_channel(unit: UnitHere, desk: DeskHere, channel_id: ChannelPath) -> ChannelDetailShape:
    """A channel: its number, how it stands at its provider, and what should be done about it."""
    channel = await _own(unit, desk.routes, channel_id)
    checked = await desk.last(unit, channel.id)
    return ChannelDetailShape.told(channel, checked, await last_seen(unit, channel.id))


@outside.post(
    "/channels", operation_id="add_channel", summary="Add a channel", status_code=201, response_model=ChannelShape
)
async def create_channel(
    desk: DeskHere, workspace: WorkspaceHere, caller: CallerHere, finish: FinishHere, given: ChannelRequest
) -> Response:
    """Add a number: its rate is asked of the provider, and its webhooks are made to come here."""
    if caller.bounds is not None and not caller.bounds.hidden:
        raise Forbidden("This key is for some channels only; add channels with one that is not.")
    rate = given.throughput or await desk.prepare(given.kind, _access(given))
    new = NewChannel(
        kind=given.kind,
        number_id=given.phone_number_id.strip(),
        account_id=given.waba_id.strip(),
        number=given.number,
        token=given.access_token,
        rate=rate,
    )

    async def add(unit: Unit) -> ChannelShape:
        channel = await add_channel(unit, desk.keys, new)
        await request_check(unit, WorkspaceId(workspace), channel)
        return ChannelShape.of(added(new, WorkspaceId(workspace), channel))

    return await finish(given.model_dump_json().encode(), add)


@outside.patch("/channels/{channel_id}", operation_id="update_channel", summary="Change a channel")
async def patch_channel(
    desk: DeskHere, workspace: WorkspaceHere, caller: CallerHere, channel_id: ChannelPath, given: ChannelPatch
) -> ChannelShape:
    """Give a new token, pause or resume, set the rate or the way of marketing. What is sent meanwhile waits."""
    channel = await _seen(desk, workspace, caller, channel_id)
    change = ChannelChange(
        token=given.access_token,
        state=given.state,
        rate=given.throughput,
        marketing_messages=given.marketing_messages,
    )
    async with desk.units.begin(workspace, caller=caller) as unit:
        await change_channel(unit, desk.keys, channel, change)
    return ChannelShape.of(await _seen(desk, workspace, caller, channel_id))


@router.delete("/channels/{channel_id}", operation_id="remove_channel", summary="Remove a channel", status_code=204)
async def delete_channel(unit: UnitHere, routes: RoutesHere, channel_id: ChannelPath) -> None:
    """Remove a number. Its conversations stay to be read; what was queued on it is cancelled."""
    await remove_channel(unit, (await _own(unit, routes, channel_id)).id)


@outside.post("/channels/{channel_id}/refresh", operation_id="refresh_channel", summary="Look how a channel stands")
async def refresh_channel(
    desk: DeskHere, workspace: WorkspaceHere, caller: CallerHere, channel_id: ChannelPath
) -> HealthShape:
    """Ask the provider now. It also happens after webhooks about the number, and once a day."""
    return HealthShape.of(await desk.check(await _seen(desk, workspace, caller, channel_id)))


@outside.get("/channels/{channel_id}/profile", operation_id="get_profile", summary="Get the business profile")
async def read_profile(
    desk: DeskHere, workspace: WorkspaceHere, caller: CallerHere, channel_id: ChannelPath
) -> ProfileShape:
    """What people see of the business, as the provider has it now."""
    return ProfileShape.model_validate(await desk.profile(await _seen(desk, workspace, caller, channel_id)))


@outside.patch("/channels/{channel_id}/profile", operation_id="update_profile", summary="Change the business profile")
async def patch_profile(
    desk: DeskHere, workspace: WorkspaceHere, caller: CallerHere, channel_id: ChannelPath, given: ProfileChange
) -> ProfileShape:
    """Change what people see of the business."""
    channel = await _seen(desk, workspace, caller, channel_id)
    changed = await desk.change_profile(channel, caller, given.model_dump(exclude_none=True))
    return ProfileShape.model_validate(changed)


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


async def _seen(desk: HealthDesk, workspace: UUID, caller: Caller, wanted: UUID) -> Channel:
    for channel in await desk.routes.seen_for(WorkspaceId(workspace), caller):
        if channel.id == wanted:
            return channel
    raise NotFound("There is no such channel in this workspace; GET /v1/channels lists yours.")


def _access(given: ChannelRequest) -> ChannelAccess:
    return ChannelAccess(
        number_id=given.phone_number_id.strip(),
        account_id=given.waba_id.strip(),
        number=given.number,
        token=given.access_token.strip(),
    )
