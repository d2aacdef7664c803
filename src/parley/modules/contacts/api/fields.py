"""Routes of the fields that a workspace keeps of its contacts."""

from typing import Annotated

from fastapi import Path

from parley.kit.rest.route import UnitHere, resource
from parley.modules.contacts.api.shown import CREATED, DirectoryHere
from parley.modules.contacts.fields import FieldAbout
from parley.modules.contacts.schemas.fields import FieldChangeShape, FieldList, FieldShape, NewFieldShape
from parley.modules.contacts.service.define_fields import (
    FieldChange,
    NewField,
    change_field,
    define_field,
    delete_field,
    fields_of,
    get_field,
)
from parley.modules.contacts.store.marks import reindexing

router = resource("contacts")

KeyPath = Annotated[str, Path(max_length=127, description="The field's key.", examples=["plan"])]


@router.post("/contact-fields", operation_id="create_contact_field", summary="Define a field", status_code=CREATED)
async def make_field(unit: UnitHere, directory: DirectoryHere, given: NewFieldShape) -> FieldShape:
    """Define a field: from then on values are checked, and kept in one spelling. Values there are already stay."""
    new = NewField(
        key=given.key, kind=given.type, about=given.about(), personal=given.personal, searchable=given.searchable
    )
    made = await define_field(unit, directory.people.scopes, new)
    return FieldShape.of(made, indexing=await reindexing(unit))


@router.get("/contact-fields", operation_id="list_contact_fields", summary="List fields")
async def read_fields(unit: UnitHere, directory: DirectoryHere) -> FieldList:
    """All fields of the workspace's contacts, by key."""
    indexing = await reindexing(unit)
    found = await fields_of(unit, directory.people.scopes, [unit.workspace])
    return FieldList(data=[FieldShape.of(each, indexing=indexing) for each in found])


@router.get("/contact-fields/{key}", operation_id="get_contact_field", summary="Get a field")
async def read_field(unit: UnitHere, directory: DirectoryHere, key: KeyPath) -> FieldShape:
    """A field's definition."""
    found = await get_field(unit, directory.people.scopes, key)
    return FieldShape.of(found, indexing=await reindexing(unit))


@router.patch("/contact-fields/{key}", operation_id="update_contact_field", summary="Change a field")
async def update_field(unit: UnitHere, directory: DirectoryHere, key: KeyPath, given: FieldChangeShape) -> FieldShape:
    """Change label, options and flags. A field that becomes searchable is so once `indexing` is false again."""
    keys = directory.people.scopes
    known = await get_field(unit, keys, key)
    about = FieldAbout(
        known.about.label if given.label is None else given.label,
        known.about.options if given.options is None else tuple(given.options),
    )
    change = FieldChange(about=about, personal=given.personal, searchable=given.searchable)
    fresh = await change_field(unit, keys, key, change)
    return FieldShape.of(fresh, indexing=await reindexing(unit))


@router.delete("/contact-fields/{key}", operation_id="delete_contact_field", summary="Delete a field", status_code=204)
async def drop_field(unit: UnitHere, directory: DirectoryHere, key: KeyPath) -> None:
    """The definition goes; values that contacts have stay with them, unchecked from then on."""
    await delete_field(unit, directory.people.scopes, key)
