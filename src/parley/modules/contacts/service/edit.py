"""Create a contact by an identity, or change what is known of one."""

from dataclasses import dataclass

import msgspec

from parley.core.errors import Fault, InvalidInput, NotFound, fault
from parley.core.ids import ContactId, WorkspaceId
from parley.core.time import now
from parley.kit.unit import Unit
from parley.modules.contacts import store
from parley.modules.contacts.domain import MAX_FIELD_VALUE, MAX_NAME, Identity, Sighting
from parley.modules.contacts.events import ContactUpdated
from parley.modules.contacts.service.recognise import Directory

MAX_FIELD_NAME = 64
MAX_FIELDS = 200
"""Custom fields a contact may have; more belong in the business's own records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What to set; None leaves it. A field set to None is removed."""

    name: str | None = None
    language: str | None = None
    fields: dict[str, str | None] | None = None


async def find_or_create(unit: Unit, directory: Directory, identities: tuple[Identity, ...]) -> ContactId:
    """The contact with these identities, made if it isn't there."""
    sighting = Sighting(WorkspaceId(unit.workspace), identities)
    known = (await directory.recognise(unit, [sighting]))[sighting]
    row = await store.one(unit, known.contact)
    return (row.merged_into if row else None) or known.contact


async def change_contact(
    unit: Unit, directory: Directory, workspace: WorkspaceId, contact: ContactId, change: Change
) -> None:
    """Set what the change names. Raises InvalidInput, NotFound."""
    _check(change)
    rows = await store.lock(unit, [(workspace, contact)])
    if not rows:
        raise NotFound("There is no such contact in this workspace.")
    key = (await directory.people.keys_of([(workspace, contact)]))[contact]
    profile = store.PROFILE.unseal(key, workspace, contact, rows[0].profile)
    fields = {**profile.fields, **(change.fields or {})}
    fresh = msgspec.structs.replace(
        profile,
        name=change.name if change.name is not None else profile.name,
        language=change.language if change.language is not None else profile.language,
        fields={name: value for name, value in fields.items() if value is not None},
    )
    if len(fresh.fields) > MAX_FIELDS:
        raise InvalidInput("Too many fields.", [fault("/fields", "too_many", f"A contact has {MAX_FIELDS} at most.")])
    if fresh != profile:
        await store.save_profiles(unit, [(workspace, contact, store.PROFILE.seal(key, workspace, contact, fresh))])
        unit.record(ContactUpdated(workspace=workspace, at=now(), contact=contact))


def _check(change: Change) -> None:
    faults: list[Fault] = []
    if change.name is not None and len(change.name) > MAX_NAME:
        faults.append(fault("/name", "too_long", f"The name has at most {MAX_NAME} characters."))
    for name, value in (change.fields or {}).items():
        if not name or len(name) > MAX_FIELD_NAME:
            faults.append(fault(f"/fields/{name}", "length", "A field's name has 1 to 64 characters."))
        if value is not None and len(value) > MAX_FIELD_VALUE:
            faults.append(fault(f"/fields/{name}", "too_long", f"At most {MAX_FIELD_VALUE} characters."))
    if faults:
        raise InvalidInput("The contact can't be changed like this.", faults)
