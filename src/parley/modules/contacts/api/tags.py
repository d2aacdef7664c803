"""Routes of tags, and of giving them to contacts."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import Response

from parley.core.ids import ContactId, WorkspaceId, public
from parley.kit.rest.ids import ContactPath, TagPath
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import UnitHere, resource
from parley.modules.contacts.api.shown import CREATED, DirectoryHere, edited
from parley.modules.contacts.editing import Edit
from parley.modules.contacts.schemas.contacts import ContactShape
from parley.modules.contacts.schemas.tags import NewTag, Tagging, TagShape
from parley.modules.contacts.service.read import get_contact
from parley.modules.contacts.service.tags import Tag, create_tag, delete_tag, get_tag, list_tags, rename_tag

router = resource("contacts")


@router.post(
    "/tags",
    operation_id="create_tag",
    summary="Create a tag",
    status_code=CREATED,
    responses={200: {"model": TagShape, "description": "There is a tag of this name already."}},
)
async def make_tag(unit: UnitHere, directory: DirectoryHere, given: NewTag, answer: Response) -> TagShape:
    """Make a tag. Giving a contact a name that nobody used yet makes one too."""
    tag, made = await create_tag(unit, directory.people.scopes, given.name)
    if not made:
        answer.status_code = 200
    return TagShape.of(tag)


@router.get("/tags", operation_id="list_tags", summary="List tags")
async def read_tags(unit: UnitHere, directory: DirectoryHere, window: WindowHere) -> Page[TagShape]:
    """The workspace's tags, newest first."""

    async def read(after: UUID | None, limit: int) -> Sequence[Tag]:
        return await list_tags(unit, directory.people.scopes, after, limit)

    found, cursor = await page_of(window, read, lambda each: each.id)
    return Page(data=[TagShape.of(each) for each in found], next_cursor=cursor)


@router.get("/tags/{tag_id}", operation_id="get_tag", summary="Get a tag")
async def read_tag(unit: UnitHere, directory: DirectoryHere, tag_id: TagPath) -> TagShape:
    """A tag. GET /v1/contacts?tag_id=… lists who has it."""
    return TagShape.of(await get_tag(unit, directory.people.scopes, tag_id))


@router.patch("/tags/{tag_id}", operation_id="rename_tag", summary="Rename a tag")
async def change_tag(unit: UnitHere, directory: DirectoryHere, tag_id: TagPath, given: NewTag) -> TagShape:
    """Whoever has it keeps it."""
    return TagShape.of(await rename_tag(unit, directory.people.scopes, tag_id, given.name))


@router.delete("/tags/{tag_id}", operation_id="delete_tag", summary="Delete a tag", status_code=204)
async def drop_tag(unit: UnitHere, tag_id: TagPath) -> None:
    """Nobody has it any more."""
    await delete_tag(unit, tag_id)


@router.post("/contacts/{contact_id}/tags", operation_id="tag_contact", summary="Give a contact tags")
async def tag_contact(
    unit: UnitHere, directory: DirectoryHere, contact_id: ContactPath, given: Tagging
) -> ContactShape:
    """Give tags, by name or id; those that the contact has already stay."""
    known = await get_contact(unit, directory.people, ContactId(contact_id))
    return await edited(
        unit, directory, Edit(workspace=WorkspaceId(unit.workspace), contact=known.id, add_tags=given.tags)
    )


@router.delete(
    "/contacts/{contact_id}/tags/{tag_id}", operation_id="untag_contact", summary="Take a tag from a contact"
)
async def untag_contact(
    unit: UnitHere, directory: DirectoryHere, contact_id: ContactPath, tag_id: TagPath
) -> ContactShape:
    """Take a tag away; one that the contact does not have is no error."""
    known = await get_contact(unit, directory.people, ContactId(contact_id))
    tag = await get_tag(unit, directory.people.scopes, tag_id)
    gone = [public("tag", tag.id)]
    return await edited(
        unit, directory, Edit(workspace=WorkspaceId(unit.workspace), contact=known.id, remove_tags=gone)
    )
