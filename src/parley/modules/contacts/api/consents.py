"""Routes of what contacts consented to."""

from collections.abc import Sequence
from uuid import UUID

from parley.core.ids import ContactId, WorkspaceId
from parley.core.time import now
from parley.kit.rest.ids import ContactPath
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import UnitHere, resource
from parley.modules.contacts.api.shown import CREATED, DirectoryHere
from parley.modules.contacts.schemas.contacts import ConsentShape, NewConsent
from parley.modules.contacts.service.read import get_contact
from parley.modules.privacy import MARKETING, Consent, ConsentEntry, consents_of, record_consent

router = resource("contacts")


@router.get("/contacts/{contact_id}/consents", operation_id="list_consents", summary="List a contact's consents")
async def read_consents(
    unit: UnitHere, directory: DirectoryHere, contact_id: ContactPath, window: WindowHere
) -> Page[ConsentShape]:
    """What this person said about marketing, what was entered last first."""
    known = await get_contact(unit, directory.people, ContactId(contact_id))

    async def read(after: UUID | None, limit: int) -> Sequence[ConsentEntry]:
        return await consents_of(unit, known.id, after, limit)

    found, cursor = await page_of(window, read, lambda each: each.id)
    return Page(data=[ConsentShape.of(each) for each in found], next_cursor=cursor)


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
    return ConsentShape.of((await consents_of(unit, known.id, None, 1))[0])
