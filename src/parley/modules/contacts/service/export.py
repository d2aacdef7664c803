"""Read all contacts out, a page a unit: no transaction is held while the one who reads is slow."""

from collections.abc import AsyncIterator
from typing import Literal
from uuid import UUID

from parley.core.ids import WorkspaceId
from parley.kit.unit import Unit, Units
from parley.modules.contacts.domain import Contact
from parley.modules.contacts.export import header, line, row
from parley.modules.contacts.query import Condition
from parley.modules.contacts.service.define_fields import fields_of
from parley.modules.contacts.service.recognise import Directory
from parley.modules.contacts.service.search import Search, search_contacts
from parley.modules.contacts.service.tags import names_of_tags

PAGE = 500
"""Contacts opened and written at once: some milliseconds of work, half a megabyte at most as a rule."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""By this, spreadsheets know UTF-8."""

Format = Literal["csv", "ndjson"]


class Exporter:
    """Reads contacts out in pages."""

    def __init__(self, units: Units, directory: Directory) -> None:
        self.units = units
        self.directory = directory

    async def lines(self, workspace: WorkspaceId, condition: Condition, form: Format) -> AsyncIterator[bytes]:
        """The file in pieces, newest contact first. Whoever is made meanwhile is left out."""
        fields = await self._fields(workspace)
        if form == "csv":
            yield BYTE_ORDER_MARK + header(fields).encode()
        after: UUID | None = None
        while True:
            async with self.units.begin(workspace) as unit:
                written, after = await self._page(unit, condition, after, (form, fields))
            if written:
                yield written
            if after is None:
                return

    async def _fields(self, workspace: WorkspaceId) -> list[str]:
        async with self.units.begin(workspace) as unit:
            return [each.key for each in await fields_of(unit, self.directory.people.scopes, [workspace])]

    async def _page(
        self, unit: Unit, condition: Condition, after: UUID | None, form: tuple[Format, list[str]]
    ) -> tuple[bytes, UUID | None]:
        found, more = await search_contacts(unit, self.directory, Search(condition=condition), after, PAGE)
        tags = await self._tags(unit, found)
        if form[0] == "csv":
            return "".join(row(each, form[1], tags) for each in found).encode(), more
        return b"".join(line(each, tags) for each in found), more

    async def _tags(self, unit: Unit, found: list[Contact]) -> dict[UUID, str]:
        named = [(each.workspace, tag) for each in found for tag in each.profile.tags]
        return await names_of_tags(unit, self.directory.people.scopes, named)
