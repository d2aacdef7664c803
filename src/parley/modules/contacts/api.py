"""Routes of contacts and of what they consented to."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Response

from parley.core.ids import ContactId, WorkspaceId
from parley.core.time import now
from parley.kit.rest.ids import ContactPath
from parley.kit.rest.pages import MAX_LIMIT, Page, WindowHere, page_of
from parley.kit.rest.route import UnitHere, provided, resource
from parley.kit.unit import Unit
from parley.modules.contacts.domain import Contact
from parley.modules.contacts.editing import KEEP, Edit
from parley.modules.contacts.events import ContactCreated
from parley.modules.contacts.schemas import ConsentShape, ContactChange, ContactShape, NewConsent, NewContact
from parley.modules.contacts.service.edit import edit_contact, find_or_create
from parley.modules.contacts.service.read import get_contact, list_contacts
from parley.modules.contacts.service.recognise import Directory
from parley.modules.privacy import MARKETING, Consent, consents_of, record_consent

router = resource("contacts")
ROUTERS = (router,)

DirectoryHere = Annotated[Directory, provided(Directory)]
CREATED = 201


@router.post(
    "/contacts",
    operation_id="create_contact",
    summary="Create a contact",
    status_code=CREATED,
    responses={200: {"model": ContactShape, "description": "Who it is was known already, and has been updated."}},
)
async def create_contact(unit: UnitHere, directory: DirectoryHere, given: NewContact, answer: Response) -> ContactShape:
    """Make a contact. Whoever is known by one of these identities already is updated instead, and answered with 200."""
    contact = await find_or_create(unit, directory, given.identities())
    if not any(isinstance(each, ContactCreated) and each.contact == contact for each in unit.events):
        answer.status_code = 200
    edit = Edit(
        workspace=WorkspaceId(unit.workspace),
        contact=contact,
        name=given.name or KEEP,
        language=given.language or KEEP,
        fields=given.fields,
    )
    return await _edited(unit, directory, edit)


@router.get("/contacts", operation_id="list_contacts", summary="List contacts")
async def read_contacts(unit: UnitHere, directory: DirectoryHere, window: WindowHere) -> Page[ContactShape]:
    """The workspace's contacts, newest first."""

    async def read(after: UUID | None, limit: int) -> Sequence[Contact]:
        return await list_contacts(unit, directory.people, after, limit)

    found, cursor = await page_of(window, read, lambda each: each.id)
    return Page(data=[ContactShape.of(each) for each in found], next_cursor=cursor)


@router.get("/contacts/{contact_id}", operation_id="get_contact", summary="Get a contact")
async def read_contact(unit: UnitHere, directory: DirectoryHere, contact_id: ContactPath) -> ContactShape:
    """A contact. One that turned out to be the same person as another answers as that one."""
    return ContactShape.of(await get_contact(unit, directory.people, ContactId(contact_id)))


@router.patch("/contacts/{contact_id}", operation_id="update_contact", summary="Update a contact")
async def update_contact(
    unit: UnitHere, directory: DirectoryHere, contact_id: ContactPath, given: ContactChange
) -> ContactShape:
    """Set a contact's name, language or fields."""
    known = await get_contact(unit, directory.people, ContactId(contact_id))
    edit = Edit(
        workspace=WorkspaceId(unit.workspace),
        contact=known.id,
        name=given.name if "name" in given.model_fields_set else KEEP,
        language=given.language if "language" in given.model_fields_set else KEEP,
        fields=given.fields,
    )
    return await _edited(unit, directory, edit)


@router.get("/contacts/{contact_id}/consents", operation_id="list_consents", summary="List a contact's consents")
async def read_consents(unit: UnitHere, directory: DirectoryHere, contact_id: ContactPath) -> Page[ConsentShape]:
    """What this person said about marketing, the newest hundred entries of the ledger."""
    known = await get_contact(unit, directory.people, ContactId(contact_id))
    return await _ledger(unit, known.id)


@router.post(
    "/contacts/{contact_id}/consents", operation_id="record_consent", summary="Record a consent", status_code=CREATED
)
async def create_consent(
    unit: UnitHere, directory: DirectoryHere, contact_id: ContactPath, given: NewConsent
) -> ConsentShape:
    """Enter into the ledger that this person allowed or stopped marketing. It holds from the next message on."""
    known = await get_contact(unit, directory.people, ContactId(contact_id))
    said = Consent(
        workspace=WorkspaceId(unit.workspace),
        contact=known.id,
        purpose=MARKETING,
        state=given.state,
        method="api",
        occurred_at=now(),
    )
    await record_consent(unit, directory.people.scopes, [said])
    return (await _ledger(unit, known.id)).data[0]


async def _ledger(unit: Unit, contact: ContactId) -> Page[ConsentShape]:
    entries = await consents_of(unit, contact, MAX_LIMIT)
    return Page(data=[ConsentShape.of(each) for each in entries], next_cursor=None)


async def _edited(unit: Unit, directory: Directory, edit: Edit) -> ContactShape:
    await edit_contact(unit, directory, edit)
    return ContactShape.of(await get_contact(unit, directory.people, edit.contact))
