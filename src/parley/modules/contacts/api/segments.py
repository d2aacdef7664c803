"""Routes of segments."""

from collections.abc import Sequence
from uuid import UUID

from parley.kit.rest.ids import SegmentPath
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import UnitHere, resource
from parley.modules.contacts.api.shown import CREATED, DirectoryHere, shapes
from parley.modules.contacts.domain import Contact
from parley.modules.contacts.schemas.contacts import ContactShape
from parley.modules.contacts.schemas.search import condition_of
from parley.modules.contacts.schemas.segments import NewSegment, SegmentChange, SegmentCount, SegmentShape
from parley.modules.contacts.service.search import Search, count_contacts, search_contacts
from parley.modules.contacts.service.segments import (
    Segment,
    change_segment,
    create_segment,
    delete_segment,
    get_segment,
    list_segments,
)

router = resource("segments")
members = resource("contacts")
"""Who reads contacts by a segment needs the scope of contacts."""


@router.post("/segments", operation_id="create_segment", summary="Create a segment", status_code=CREATED)
async def make_segment(unit: UnitHere, directory: DirectoryHere, given: NewSegment) -> SegmentShape:
    """Keep a filter, as `POST /v1/contacts/search` takes it, under a name."""
    condition_of(given.filter, "/filter")
    return SegmentShape.of(await create_segment(unit, directory, given.name, given.filter or {}))


@router.get("/segments", operation_id="list_segments", summary="List segments")
async def read_segments(unit: UnitHere, directory: DirectoryHere, window: WindowHere) -> Page[SegmentShape]:
    """The workspace's segments, newest first."""

    async def read(after: UUID | None, limit: int) -> Sequence[Segment]:
        return await list_segments(unit, directory.people.scopes, after, limit)

    found, cursor = await page_of(window, read, lambda each: each.id)
    return Page(data=[SegmentShape.of(each) for each in found], next_cursor=cursor)


@router.get("/segments/{segment_id}", operation_id="get_segment", summary="Get a segment")
async def read_segment(unit: UnitHere, directory: DirectoryHere, segment_id: SegmentPath) -> SegmentShape:
    """A segment's name and filter."""
    return SegmentShape.of(await get_segment(unit, directory.people.scopes, segment_id))


@router.patch("/segments/{segment_id}", operation_id="update_segment", summary="Change a segment")
async def update_segment(
    unit: UnitHere, directory: DirectoryHere, segment_id: SegmentPath, given: SegmentChange
) -> SegmentShape:
    """Change its name or filter."""
    condition_of(given.filter, "/filter")
    return SegmentShape.of(await change_segment(unit, directory, segment_id, given.name, given.filter))


@router.delete("/segments/{segment_id}", operation_id="delete_segment", summary="Delete a segment", status_code=204)
async def drop_segment(unit: UnitHere, segment_id: SegmentPath) -> None:
    """Its contacts stay."""
    await delete_segment(unit, segment_id)


@members.get(
    "/segments/{segment_id}/contacts", operation_id="list_segment_contacts", summary="List a segment's contacts"
)
async def read_members(
    unit: UnitHere, directory: DirectoryHere, segment_id: SegmentPath, window: WindowHere
) -> Page[ContactShape]:
    """Who answers to it now, newest first."""
    segment = await get_segment(unit, directory.people.scopes, segment_id)
    search = Search(condition=segment.condition)

    async def read(after: UUID | None, limit: int) -> Sequence[Contact]:
        return (await search_contacts(unit, directory, search, after, limit))[0]

    found, cursor = await page_of(window, read, lambda each: each.id)
    return Page(data=await shapes(unit, directory, found), next_cursor=cursor)


@router.get("/segments/{segment_id}/count", operation_id="count_segment", summary="Count a segment's contacts")
async def count_members(unit: UnitHere, directory: DirectoryHere, segment_id: SegmentPath) -> SegmentCount:
    """How many answer to it now."""
    segment = await get_segment(unit, directory.people.scopes, segment_id)
    return SegmentCount(count=await count_contacts(unit, directory, segment.condition))
