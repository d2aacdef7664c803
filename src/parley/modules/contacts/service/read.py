"""Read contacts, their profiles opened."""

from collections.abc import Sequence
from uuid import UUID

from parley.core.errors import NotFound
from parley.core.ids import ContactId, WorkspaceId
from parley.core.time import rfc3339
from parley.kit.unit import Unit
from parley.modules.contacts.domain import Contact, Profile
from parley.modules.contacts.store import contacts as store
from parley.modules.privacy import People


async def get_contact(unit: Unit, people: People, contact: ContactId) -> Contact:
    """One contact; a merged one answers as the contact it became part of. Raises NotFound."""
    row = await store.one(unit, contact)
    if row is not None and row.merged_into is not None:
        row = await store.one(unit, row.merged_into)
    if row is None:
        raise NotFound("There is no such contact in this workspace.")
    return (await opened(people, [row]))[0]


async def list_contacts(unit: Unit, people: People, after: UUID | None, limit: int) -> list[Contact]:
    """A page, newest first."""
    return await opened(people, await store.page(unit, after, limit))


async def profiles_of(
    unit: Unit, people: People, contacts: Sequence[tuple[WorkspaceId, ContactId]]
) -> dict[UUID, Profile]:
    """What is known of each, by contact; one that was erased is missing."""
    keys = await people.keys_of(contacts)
    rows = await store.many(unit, contacts)
    return {
        row.id: store.PROFILE.unseal(keys[row.id], row.workspace, row.id, row.profile) for row in rows if row.id in keys
    }


async def opened(people: People, rows: Sequence[store.Row]) -> list[Contact]:
    """Rows with their profiles opened, in order."""
    keys = await people.keys_of([(row.workspace, row.id) for row in rows])
    return [_contact(row, store.PROFILE.unseal(keys[row.id], row.workspace, row.id, row.profile)) for row in rows]


def _contact(row: store.Row, profile: Profile) -> Contact:
    return Contact(
        id=row.id,
        workspace=row.workspace,
        kind=row.kind,
        profile=profile,
        created_at=rfc3339(row.created_at),
        updated_at=rfc3339(row.updated_at),
        opted_out_since=rfc3339(row.opted_out_since) if row.opted_out_since else None,
        allowed_since=rfc3339(row.granted_at) if row.granted_at and not row.opted_out_since else None,
    )
