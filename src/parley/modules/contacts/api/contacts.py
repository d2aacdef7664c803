"""Routes of contacts themselves."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Response
from pydantic import WithJsonSchema

from parley.core.errors import Conflict, InvalidInput, fault
from parley.core.ids import ContactId, WorkspaceId, public
from parley.kit.rest import ids
from parley.kit.rest.ids import ContactPath, read_id
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import UnitHere, resource
from parley.kit.unit import Unit
from parley.modules.contacts.api.shown import CREATED, DirectoryHere, edited, shape, shapes
from parley.modules.contacts.domain import Contact
from parley.modules.contacts.editing import KEEP, Edit
from parley.modules.contacts.query import Condition, Every, Marketing, Tagged
from parley.modules.contacts.schemas.contacts import ContactChange, ContactShape, Merging, NewContact
from parley.modules.contacts.service.merge import merge_contacts
from parley.modules.contacts.service.read import get_contact
from parley.modules.contacts.service.recognise import Directory
from parley.modules.contacts.service.search import Search, search_contacts
from parley.modules.contacts.service.tags import get_tag
from parley.modules.contacts.service.upsert import NOBODY, upsert_contact

router = resource("contacts")

OfTag = Annotated[
    UUID | None,
    Query(description="Only those with this tag."),
    ids.reader(ids.TAG),
    WithJsonSchema(ids.schema_of(ids.TAG)),
]
ConsentKnown = Literal["granted", "withdrawn", "unknown"]
OfState = Annotated[ConsentKnown | None, Query(description="Only those who said so of marketing.")]


async def conditions_of(unit: Unit, directory: Directory, tag: UUID | None, state: ConsentKnown | None) -> Condition:
    """Whom the query of an address means. Raises NotFound."""
    found: list[Condition] = []
    if tag is not None:
        await get_tag(unit, directory.people.scopes, tag)
        found.append(Tagged(public("tag", tag), "/tag_id"))
    if state is not None:
        found.append(Marketing(state))
    return Every(tuple(found))


@router.post(
    "/contacts",
    operation_id="create_contact",
    summary="Create or update a contact",
    status_code=CREATED,
    responses={200: {"model": ContactShape, "description": "Who it is was known already, and has been updated."}},
)
async def create_contact(unit: UnitHere, directory: DirectoryHere, given: NewContact, answer: Response) -> ContactShape:
    """Make a contact. Whoever is known by one of these identities already is updated instead, and answered with 200.

    The identity stands in the body, for addresses are written into logs. What is left out stays as it is. Identities of
    two contacts are refused with 409 `several_contacts`.
    """
    outcome = await upsert_contact(unit, directory, given.upsert())
    if not outcome.created:
        answer.status_code = 200
    return await shape(unit, directory, outcome.contact or NOBODY)


@router.get("/contacts", operation_id="list_contacts", summary="List contacts")
async def read_contacts(
    unit: UnitHere, directory: DirectoryHere, window: WindowHere, tag_id: OfTag = None, marketing: OfState = None
) -> Page[ContactShape]:
    """The workspace's contacts, newest first. `POST /v1/contacts/search` finds them by more."""
    search = Search(condition=await conditions_of(unit, directory, tag_id, marketing))

    async def read(after: UUID | None, limit: int) -> Sequence[Contact]:
        return (await search_contacts(unit, directory, search, after, limit))[0]

    found, cursor = await page_of(window, read, lambda each: each.id)
    return Page(data=await shapes(unit, directory, found), next_cursor=cursor)


@router.get("/contacts/{contact_id}", operation_id="get_contact", summary="Get a contact")
async def read_contact(unit: UnitHere, directory: DirectoryHere, contact_id: ContactPath) -> ContactShape:
    """A contact. One that turned out to be the same person as another answers as that one."""
    return await shape(unit, directory, ContactId(contact_id))


@router.patch("/contacts/{contact_id}", operation_id="update_contact", summary="Update a contact")
async def update_contact(
    unit: UnitHere, directory: DirectoryHere, contact_id: ContactPath, given: ContactChange
) -> ContactShape:
    """Set a contact's name, language or fields; null clears."""
    known = await get_contact(unit, directory.people, ContactId(contact_id))
    edit = Edit(
        workspace=WorkspaceId(unit.workspace),
        contact=known.id,
        name=given.name if "name" in given.model_fields_set else KEEP,
        language=given.language if "language" in given.model_fields_set else KEEP,
        fields=given.fields,
    )
    return await edited(unit, directory, edit)


@router.post("/contacts/{contact_id}/merge", operation_id="merge_contacts", summary="Merge two contacts")
async def merge(unit: UnitHere, directory: DirectoryHere, contact_id: ContactPath, given: Merging) -> ContactShape:
    """Make another contact part of this one: its identities, conversations, files, consents and tags come along.

    Where both have a name, a language or a field, this contact's holds. An opt-out of either holds for both. The
    other's id goes on to answer, as this contact. It can't be undone.
    """
    kept = await get_contact(unit, directory.people, ContactId(contact_id))
    other = await get_contact(unit, directory.people, ContactId(read_id(ids.CONTACT, given.other)))
    if given.other == public("con", contact_id):
        sentence = "This is the contact itself; name the one that is to become part of it."
        raise InvalidInput("A contact can't be merged with itself.", [fault("/other", "same_contact", sentence)])
    if kept.kind != other.kind:
        raise Conflict("One of them is a group; only people are merged with people.", code="different_kinds")
    if kept.id != other.id:
        await merge_contacts(unit, directory, WorkspaceId(unit.workspace), other.id, kept.id)
    return await shape(unit, directory, kept.id)
