"""The fields that a workspace keeps of its contacts: define, change, delete."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from parley.core.errors import Conflict, InvalidInput, NotFound, fault
from parley.core.ids import FieldId, WorkspaceId, new_uuid
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.contacts.editing import MAX_FIELDS
from parley.modules.contacts.fields import MAX_OPTIONS, FieldAbout, FieldDefinition, FieldKind
from parley.modules.contacts.store import fields as store
from parley.modules.contacts.store import marks

LANE = "contacts"
"""Woken when marks must be made anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewField:
    """A field to be defined."""

    key: str
    kind: FieldKind
    about: FieldAbout
    personal: bool
    searchable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """What to set of a definition; None leaves it."""

    about: FieldAbout | None = None
    personal: bool | None = None
    searchable: bool | None = None


async def define_field(unit: Unit, keys: KeyService, new: NewField) -> FieldDefinition:
    """Raises Conflict when the key is taken, InvalidInput."""
    _check(new.kind, new.about)
    if await store.count(unit) >= MAX_FIELDS:
        sentence = f"A workspace has {MAX_FIELDS} fields at most."
        raise InvalidInput("There are too many fields.", [fault("/key", "too_many", sentence)])
    moment = now()
    field = FieldDefinition(
        workspace=WorkspaceId(unit.workspace),
        id=FieldId(new_uuid()),
        key=new.key,
        kind=new.kind,
        about=new.about,
        personal=new.personal,
        searchable=new.searchable,
        created_at=moment,
        updated_at=moment,
    )
    if not await store.add(unit, await _row(keys, field)):
        raise Conflict(f"There is a field {new.key!r} already; PATCH /v1/contact-fields/{new.key} changes it.")
    if field.searchable:
        await _reindex(unit)
    return await get_field(unit, keys, new.key)


async def change_field(unit: Unit, keys: KeyService, key: str, change: FieldChange) -> FieldDefinition:
    """Set what is given. Values that contacts have already stay as they are. Raises NotFound, InvalidInput."""
    known = await get_field(unit, keys, key)
    fresh = replace(
        known,
        about=known.about if change.about is None else change.about,
        personal=known.personal if change.personal is None else change.personal,
        searchable=known.searchable if change.searchable is None else change.searchable,
    )
    _check(fresh.kind, fresh.about)
    await store.save(unit, await _row(keys, fresh))
    if fresh.searchable != known.searchable:
        await _reindex(unit)
    return await get_field(unit, keys, key)


async def delete_field(unit: Unit, keys: KeyService, key: str) -> None:
    """The definition goes; values that contacts have stay, as values of a field nobody defined. Raises NotFound."""
    known = await get_field(unit, keys, key)
    await store.delete(unit, known.id)
    if known.searchable:
        await _reindex(unit)


async def get_field(unit: Unit, keys: KeyService, key: str) -> FieldDefinition:
    """Raises NotFound."""
    row = await store.one(unit, key)
    if row is None:
        raise NotFound("There is no such field in this workspace; GET /v1/contact-fields lists yours.")
    return await _open(keys, row)


async def fields_of(unit: Unit, keys: KeyService, workspaces: Sequence[UUID]) -> list[FieldDefinition]:
    """All fields of these workspaces, by key."""
    found = await store.of_workspaces(unit, [WorkspaceId(each) for each in workspaces])
    return [await _open(keys, row) for row in found]


def _check(kind: FieldKind, about: FieldAbout) -> None:
    if kind == "choice" and not 0 < len(about.options) <= MAX_OPTIONS:
        sentence = f"Say what may be chosen: 1 to {MAX_OPTIONS} options."
        raise InvalidInput("A choice needs options.", [fault("/options", "length", sentence)])
    if kind != "choice" and about.options:
        sentence = "Only a field of type choice has options; leave them out."
        raise InvalidInput("The field can't have options.", [fault("/options", "not_allowed", sentence)])


async def _reindex(unit: Unit) -> None:
    await marks.ask_reindex(unit)
    unit.wake(LANE)


async def _row(keys: KeyService, field: FieldDefinition) -> store.Row:
    own = (await keys.scope(field.workspace)).data
    return store.Row(
        workspace=field.workspace,
        id=field.id,
        key=field.key,
        kind=field.kind,
        about=store.ABOUT.seal(own, field.workspace, field.id, field.about),
        personal=field.personal,
        searchable=field.searchable,
        created_at=field.created_at,
        updated_at=field.updated_at,
    )


async def _open(keys: KeyService, row: store.Row) -> FieldDefinition:
    own = (await keys.scope(row.workspace)).data
    return FieldDefinition(
        workspace=row.workspace,
        id=row.id,
        key=row.key,
        kind=row.kind,
        about=store.ABOUT.unseal(own, row.workspace, row.id, row.about),
        personal=row.personal,
        searchable=row.searchable,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
