"""Keep the marks that contacts are found by in step with their profiles."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from parley.core.ids import ContactId, WorkspaceId
from parley.kit.crypto import blind_index
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.contacts.domain import Profile
from parley.modules.contacts.marks import Mark, marks_of
from parley.modules.contacts.store import marks as store


@dataclass(frozen=True, slots=True)
class Changed:
    """A contact's profile before (None: just made) and after."""

    workspace: WorkspaceId
    contact: ContactId
    before: Profile | None
    after: Profile


async def index(
    unit: Unit, keys: KeyService, changed: Sequence[Changed], searchable: Mapping[WorkspaceId, Collection[str]]
) -> None:
    """Write what differs. `searchable` are the keys of the fields by which each workspace's contacts are found."""
    new: list[store.Row] = []
    old: list[store.Row] = []
    for each in changed:
        found_by = searchable.get(each.workspace, ())
        before = marks_of(each.before, found_by) if each.before else frozenset()
        after = marks_of(each.after, found_by)
        if before != after:
            secret = (await keys.scope(each.workspace)).index
            new += [(each.workspace, hashed(secret, mark), each.contact) for mark in after - before]
            old += [(each.workspace, hashed(secret, mark), each.contact) for mark in before - after]
    if old:
        await store.drop(unit, sorted(old))
    if new:
        await store.add(unit, new)


def hashed(secret: bytes, mark: Mark) -> bytes:
    """A mark as it is stored."""
    return blind_index(secret, f"mark|{mark.sort}", mark.value)
