"""Create contacts or update them by their identities: one, or many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from parley.core.errors import Conflict, Fault, InvalidInput, fault
from parley.core.ids import ContactId, WorkspaceId, public
from parley.core.json import JsonValue
from parley.kit.unit import Unit
from parley.modules.contacts.domain import Identity, Profile, Sighting
from parley.modules.contacts.editing import KEEP, Edit, edited
from parley.modules.contacts.events import ContactCreated
from parley.modules.contacts.service.edit import edit_contacts, vocabulary_of
from parley.modules.contacts.service.recognise import Directory
from parley.modules.contacts.store import contacts as store

SEVERAL = "several_contacts"
NOBODY = ContactId(UUID(int=0))
"""Stands for a contact that is not known yet, while what is to be set is checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upsert:
    """Somebody by one or more identities, and what to set; None leaves what is known."""

    identities: tuple[Identity, ...]
    name: str | None = None
    language: str | None = None
    fields: Mapping[str, JsonValue] = field(default_factory=dict)
    tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Upserted:
    """What became of it. With faults nothing was done."""

    contact: ContactId | None = None
    created: bool = False
    faults: tuple[Fault, ...] = ()


async def upsert_contact(unit: Unit, directory: Directory, wanted: Upsert) -> Upserted:
    """One. Raises InvalidInput, and Conflict (`several_contacts`) when its identities are of several contacts."""
    outcome = (await upsert_contacts(unit, directory, [wanted]))[0]
    if any(each.code == SEVERAL for each in outcome.faults):
        raise Conflict(outcome.faults[0].detail, code=SEVERAL)
    if outcome.faults:
        raise InvalidInput("The contact can't be kept like this.", outcome.faults)
    return outcome


async def upsert_contacts(unit: Unit, directory: Directory, wanted: Sequence[Upsert]) -> list[Upserted]:
    """Many in one unit, in their order; the same person twice is one contact, updated twice."""
    workspace = WorkspaceId(unit.workspace)
    faults = await _faults(unit, directory, wanted)
    good = [place for place in range(len(wanted)) if not faults[place]]
    sightings = {place: Sighting(workspace, wanted[place].identities) for place in good}
    begun = len(unit.events)
    known = await directory.recognise(unit, list(sightings.values())) if sightings else {}
    made = {each.contact for each in unit.events[begun:] if isinstance(each, ContactCreated)}
    found = {known[each].contact for each in sightings.values()}
    moved = {row.id: row.merged_into for row in await store.many(unit, [(workspace, each) for each in sorted(found)])}
    contacts = {place: moved.get(known[each].contact) or known[each].contact for place, each in sightings.items()}
    edits = [_edit(workspace, contacts[place], wanted[place]) for place in good]
    for place, outcome in zip(good, await edit_contacts(unit, directory, edits), strict=True):
        faults[place] = outcome.faults
    outcomes: list[Upserted] = []
    for place in range(len(wanted)):
        if faults[place]:
            outcomes.append(Upserted(faults=faults[place]))
        else:
            contact = contacts[place]
            outcomes.append(Upserted(contact, contact in made))
            made.discard(contact)
    return outcomes


async def _faults(unit: Unit, directory: Directory, wanted: Sequence[Upsert]) -> list[tuple[Fault, ...]]:
    """What is wrong with each before anything is made: values that don't fit, identities of several contacts."""
    workspace = WorkspaceId(unit.workspace)
    edits = [_edit(workspace, NOBODY, each) for each in wanted]
    words = (await vocabulary_of(unit, directory, edits)).get(workspace)
    lookups = {each: await directory.lookup(workspace, each) for one in wanted for each in one.identities}
    owners = await directory.people.owners(workspace, list(lookups.values())) if lookups else {}
    found: list[tuple[Fault, ...]] = []
    for one, edit in zip(wanted, edits, strict=True):
        fresh = edited(Profile(), edit, words) if words else Profile()
        faults = fresh if isinstance(fresh, tuple) else ()
        whose = {owners[index] for each in one.identities if (index := lookups[each].index) in owners}
        found.append(faults if len(whose) < 2 else (*faults, _several(sorted(whose))))  # noqa: PLR2004 - one owner is fine
    return found


def _several(contacts: Sequence[ContactId]) -> Fault:
    named = " and ".join(public("con", each) for each in contacts)
    sentence = f"These identities are of {named}: merge them first, or leave one identity out."
    return fault("", SEVERAL, sentence)


def _edit(workspace: WorkspaceId, contact: ContactId, wanted: Upsert) -> Edit:
    return Edit(
        workspace=workspace,
        contact=contact,
        name=KEEP if wanted.name is None else wanted.name,
        language=KEEP if wanted.language is None else wanted.language,
        fields=wanted.fields,
        add_tags=wanted.tags,
    )
