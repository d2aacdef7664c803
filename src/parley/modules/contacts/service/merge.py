"""Two contacts turn out to be one person."""

from collections.abc import Sequence

from parley.core.ids import ContactId, WorkspaceId
from parley.core.time import now
from parley.kit.unit import Unit
from parley.modules.contacts.domain import merged
from parley.modules.contacts.events import ContactsMerged
from parley.modules.contacts.service.define_fields import fields_of
from parley.modules.contacts.service.index import Changed, index
from parley.modules.contacts.service.recognise import Directory
from parley.modules.contacts.store import contacts as store
from parley.modules.contacts.store import marks
from parley.modules.privacy import move_consents


async def merge_contacts(
    unit: Unit, directory: Directory, workspace: WorkspaceId, loser: ContactId, winner: ContactId
) -> None:
    """The loser's profile, consents and identities become the winner's. Doing it twice changes nothing more.

    The vault follows after the commit: until then the loser's identities lead to a contact that says where it went.
    """
    rows = {row.id: row for row in await store.lock(unit, sorted([(workspace, loser), (workspace, winner)]))}
    keys = await directory.people.keys_of([(workspace, loser), (workspace, winner)])
    if loser in rows and winner in rows and rows[loser].merged_into is None:
        gone = store.PROFILE.unseal(keys[loser], workspace, loser, rows[loser].profile)
        kept = store.PROFILE.unseal(keys[winner], workspace, winner, rows[winner].profile)
        whole = merged(kept, gone)
        sealed = store.PROFILE.seal(keys[winner], workspace, winner, whole)
        await store.save_profiles(unit, [(workspace, winner, sealed)])
        await _find_as_one(unit, directory, Changed(workspace, winner, kept, whole), loser)
        await store.mark_merged(unit, workspace, loser, winner)
        await move_consents(unit, workspace, loser, winner)
        unit.record(ContactsMerged(workspace=workspace, at=now(), contact=winner, subject=loser))

    async def follow() -> None:
        await directory.people.merge(workspace, loser, winner)
        directory.forget()

    unit.then(follow)


async def _find_as_one(unit: Unit, directory: Directory, changed: Changed, loser: ContactId) -> None:
    keys = directory.people.scopes
    found_by = {each.key for each in await fields_of(unit, keys, [changed.workspace]) if each.searchable}
    await marks.forget(unit, changed.workspace, [loser])
    await index(unit, keys, [changed], {changed.workspace: found_by})


async def merged_among(unit: Unit, contacts: Sequence[tuple[WorkspaceId, ContactId]]) -> list[ContactId]:
    """Those that are part of another by now; a merge under way is waited for."""
    return [row.id for row in await store.lock(unit, sorted(contacts)) if row.merged_into is not None]


async def finish_merge(unit: Unit, directory: Directory, contact: ContactId) -> None:
    """Let the vault lead where a merged contact went: a crash may have lost what follows a merge's commit."""
    row = await store.one(unit, contact)
    if row is not None and row.merged_into is not None:
        await directory.people.merge(row.workspace, contact, row.merged_into)
    directory.forget()
