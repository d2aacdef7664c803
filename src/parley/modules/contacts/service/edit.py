"""Change what is known of contacts, many at once: for the API, imports and flows alike."""

from collections.abc import Mapping, Sequence

from parley.core.errors import InvalidInput, NotFound
from parley.core.ids import ContactId, TagId, WorkspaceId
from parley.core.time import now
from parley.kit.unit import Unit
from parley.modules.contacts.domain import Identity, Profile, Sighting
from parley.modules.contacts.editing import Edit, Edited, Vocabulary, changes, edited
from parley.modules.contacts.events import ContactUpdated
from parley.modules.contacts.fields import FieldDefinition
from parley.modules.contacts.service.define_fields import fields_of
from parley.modules.contacts.service.index import Changed, index
from parley.modules.contacts.service.recognise import Directory
from parley.modules.contacts.service.tags import tags_of
from parley.modules.contacts.store import contacts as store


async def find_or_create(unit: Unit, directory: Directory, identities: tuple[Identity, ...]) -> ContactId:
    """The contact with these identities, made if it isn't there.

    Another process may have merged it into another meanwhile: `survivor_of` tells.
    """
    sighting = Sighting(WorkspaceId(unit.workspace), identities)
    return (await directory.recognise(unit, [sighting]))[sighting].contact


async def survivor_of(unit: Unit, contact: ContactId) -> ContactId:
    """The contact that this one became part of, or itself."""
    row = await store.one(unit, contact)
    return (row.merged_into if row else None) or contact


async def edit_contact(unit: Unit, directory: Directory, edit: Edit) -> None:
    """Make one edit. Raises InvalidInput with all that does not fit, NotFound."""
    outcome = (await edit_contacts(unit, directory, [edit]))[0]
    if outcome.faults:
        raise InvalidInput("The contact can't be changed like this.", outcome.faults)


async def edit_contacts(unit: Unit, directory: Directory, edits: Sequence[Edit]) -> list[Edited]:
    """Make edits in their order; what became of each. One that does not fit changes nothing, the others go on.

    Edits of one contact build on each other and are one `contact.updated`. A tag that is not there yet is made.
    Raises NotFound for a contact of none of the unit's workspaces.
    """
    if not edits:
        return []
    people = directory.people
    wanted = sorted({(each.workspace, each.contact) for each in edits})
    rows = {row.id: row for row in await store.lock(unit, wanted)}
    if len(rows) < len(wanted):
        raise NotFound("There is no such contact in this workspace.")
    held = await people.keys_of(wanted)
    before = {c: store.PROFILE.unseal(held[c], w, c, rows[c].profile) for w, c in wanted}
    words = await vocabulary_of(unit, directory, edits)
    profiles = dict(before)
    outcomes: list[Edited] = []
    for edit in edits:
        outcome, profiles[edit.contact] = _made(profiles[edit.contact], edit, words[edit.workspace])
        outcomes.append(outcome)
    changed = [Changed(w, c, before[c], profiles[c]) for w, c in wanted if profiles[c] != before[c]]
    if changed:
        sealed = [(x.workspace, x.contact, store.PROFILE.seal(held[x.contact], x.workspace, x.contact, x.after))
                  for x in changed]  # fmt: skip
        await store.save_profiles(unit, sealed)
        await index(unit, people.scopes, changed, {w: _searchable(known.fields) for w, known in words.items()})
    for each in changed:
        detail = changes(before[each.contact], each.after, words[each.workspace].fields)
        unit.record(ContactUpdated(workspace=each.workspace, at=now(), contact=each.contact, detail=detail))
    return outcomes


def _made(profile: Profile, edit: Edit, words: Vocabulary) -> tuple[Edited, Profile]:
    fresh = edited(profile, edit, words)
    if isinstance(fresh, tuple):
        return Edited(faults=fresh), profile
    told = changes(profile, fresh, words.fields).get("changed", ())
    return Edited(changed=tuple(map(str, told)) if isinstance(told, list) else ()), fresh


async def vocabulary_of(unit: Unit, directory: Directory, edits: Sequence[Edit]) -> Mapping[WorkspaceId, Vocabulary]:
    """What the edits refer to; fields are only read where an edit names any, tags likewise."""
    keys = directory.people.scopes
    fields: dict[WorkspaceId, dict[str, FieldDefinition]] = {each.workspace: {} for each in edits}
    asked = sorted({each.workspace for each in edits if each.fields})
    for field in await fields_of(unit, keys, asked) if asked else ():
        fields[field.workspace][field.key] = field
    named = [(each.workspace, word) for each in edits for word in (*each.add_tags, *each.remove_tags)]
    tags: Mapping[WorkspaceId, Mapping[str, TagId]] = await tags_of(unit, keys, named) if named else {}
    return {workspace: Vocabulary(known, tags.get(workspace, {})) for workspace, known in fields.items()}


def _searchable(fields: Mapping[str, FieldDefinition]) -> set[str]:
    return {key for key, field in fields.items() if field.searchable}
