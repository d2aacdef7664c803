"""Routes of a contact's identities. None stands in an address, for those are written into logs."""

from parley.core.ids import ContactId
from parley.kit.rest.ids import ContactPath
from parley.kit.rest.route import UnitHere, resource
from parley.modules.contacts.api.shown import DirectoryHere, shape
from parley.modules.contacts.schemas.contacts import ContactShape, GivenIdentity
from parley.modules.contacts.service.identities import add_identity, remove_identity
from parley.modules.contacts.service.read import get_contact

router = resource("contacts")


@router.post("/contacts/{contact_id}/identities", operation_id="add_identity", summary="Add an identity")
async def create_identity(
    unit: UnitHere, directory: DirectoryHere, contact_id: ContactPath, given: GivenIdentity
) -> ContactShape:
    """Let the contact be known by another number, user id or e-mail address. Another contact's is refused with 409."""
    known = await get_contact(unit, directory.people, ContactId(contact_id))
    await add_identity(unit, directory, known.id, given.identity())
    return await shape(unit, directory, known.id)


@router.post(
    "/contacts/{contact_id}/identities/remove", operation_id="remove_identity", summary="Take an identity away"
)
async def delete_identity(
    unit: UnitHere, directory: DirectoryHere, contact_id: ContactPath, given: GivenIdentity
) -> ContactShape:
    """Whoever writes by it later is somebody new. The last identity of a contact stays."""
    known = await get_contact(unit, directory.people, ContactId(contact_id))
    await remove_identity(unit, directory, known.id, given.identity())
    return await shape(unit, directory, known.id)
