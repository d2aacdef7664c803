"""Add an identity to a contact, or take one away."""

import msgspec

from parley.core.errors import Conflict, InvalidInput, NotFound, fault
from parley.core.ids import ContactId, WorkspaceId, public
from parley.core.time import now
from parley.kit.unit import Unit
from parley.modules.contacts.domain import Identity, Profile, key_form, updated
from parley.modules.contacts.editing import changes
from parley.modules.contacts.events import ContactUpdated
from parley.modules.contacts.service.recognise import Directory
from parley.modules.contacts.store import contacts as store

MAX_IDENTITIES = 50
"""Of one contact; who has more is not one person."""


async def add_identity(unit: Unit, directory: Directory, contact: ContactId, identity: Identity) -> None:
    """Raises NotFound, InvalidInput, and Conflict (`identity_taken`) when it is somebody else's."""
    profile = await _locked(unit, directory, contact)
    if any(_same(each, identity) for each in profile.identities):
        return
    if len(profile.identities) >= MAX_IDENTITIES:
        sentence = f"A contact has {MAX_IDENTITIES} identities at most."
        raise InvalidInput("There are too many identities.", [fault("/value", "too_many", sentence)])
    workspace = WorkspaceId(unit.workspace)
    lookup = await directory.lookup(workspace, identity)
    if not await directory.people.link(workspace, contact, lookup):
        owner = (await directory.people.owners(workspace, [lookup])).get(lookup.index)
        whose = public("con", owner) if owner else "another contact"
        raise Conflict(f"This is {whose}'s; merge the two if they are one person.", code="identity_taken")
    await _save(unit, directory, contact, profile, updated(profile, None, [identity]))


async def remove_identity(unit: Unit, directory: Directory, contact: ContactId, identity: Identity) -> None:
    """It leads to nobody any more. Raises NotFound when the contact has no such identity, InvalidInput for the last."""
    profile = await _locked(unit, directory, contact)
    kept = tuple(each for each in profile.identities if not _same(each, identity))
    if len(kept) == len(profile.identities):
        raise NotFound("The contact has no such identity.")
    if not kept:
        sentence = "This is the last one, and nobody could be known by none; add another first."
        raise InvalidInput("A contact must be somebody.", [fault("/value", "last_identity", sentence)])
    await _save(unit, directory, contact, profile, msgspec.structs.replace(profile, identities=kept))
    workspace = WorkspaceId(unit.workspace)
    lookup = await directory.lookup(workspace, identity)

    async def follow() -> None:
        await directory.people.unlink(workspace, lookup)
        directory.forget()

    unit.then(follow)


async def _locked(unit: Unit, directory: Directory, contact: ContactId) -> Profile:
    workspace = WorkspaceId(unit.workspace)
    rows = await store.lock(unit, [(workspace, contact)])
    keys = await directory.people.keys_of([(workspace, contact)])
    if not rows or contact not in keys:
        raise NotFound("There is no such contact in this workspace.")
    return store.PROFILE.unseal(keys[contact], workspace, contact, rows[0].profile)


async def _save(unit: Unit, directory: Directory, contact: ContactId, before: Profile, after: Profile) -> None:
    workspace = WorkspaceId(unit.workspace)
    key = directory.people.held_key(contact)
    await store.save_profiles(unit, [(workspace, contact, store.PROFILE.seal(key, workspace, contact, after))])
    unit.record(ContactUpdated(workspace=workspace, at=now(), contact=contact, detail=changes(before, after)))


def _same(one: Identity, other: Identity) -> bool:
    return one.kind == other.kind and key_form(one) == key_form(other)
