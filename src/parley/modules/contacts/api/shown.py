"""Contacts as routes show them, with what else they share."""

from collections.abc import Sequence
from typing import Annotated

from parley.core.ids import ContactId, WorkspaceId
from parley.kit.rest.route import provided
from parley.kit.unit import Unit
from parley.modules.contacts.domain import Contact
from parley.modules.contacts.editing import Edit
from parley.modules.contacts.schemas.contacts import ContactShape
from parley.modules.contacts.service.edit import edit_contact
from parley.modules.contacts.service.read import get_contact
from parley.modules.contacts.service.recognise import Directory
from parley.modules.contacts.service.tags import names_of_tags

DirectoryHere = Annotated[Directory, provided(Directory)]
CREATED = 201


async def shapes(unit: Unit, directory: Directory, contacts: Sequence[Contact]) -> list[ContactShape]:
    """Contacts as they are shown, with the names of their tags."""
    workspace = WorkspaceId(unit.workspace)
    tags = [(workspace, tag) for each in contacts for tag in each.profile.tags]
    names = await names_of_tags(unit, directory.people.scopes, tags)
    return [ContactShape.of(each, names) for each in contacts]


async def shape(unit: Unit, directory: Directory, contact: ContactId) -> ContactShape:
    """One contact as it is shown. Raises NotFound."""
    found = await get_contact(unit, directory.people, contact)
    return (await shapes(unit, directory, [found]))[0]


async def edited(unit: Unit, directory: Directory, edit: Edit) -> ContactShape:
    """The contact after an edit. Raises InvalidInput, NotFound."""
    await edit_contact(unit, directory, edit)
    return await shape(unit, directory, edit.contact)
