"""Imports: a file is kept and looked at, then started with what its columns mean; a worker takes it in."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from uuid import UUID

import msgspec

from parley.core.errors import Conflict, InvalidInput, NotFound, fault
from parley.core.ids import WorkspaceId, new_uuid
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.off_loop import off_loop
from parley.kit.storage import FileId, Storage
from parley.kit.unit import Unit, Units
from parley.modules.contacts.export import FIELD
from parley.modules.contacts.service.define_fields import LANE, fields_of
from parley.modules.contacts.service.import_rows import MEANINGS
from parley.modules.contacts.sheets import HEAD_BYTES, PREVIEW_ROWS, columns_of, dialect_of, rows_of, suggested
from parley.modules.contacts.store import imports as store

MAX_BYTES = 20 * 1024 * 1024
"""A quarter of a million rows as a rule; a worker holds a file of this size in memory while it takes it in."""
KEPT = timedelta(days=7)
"""A file and its errors are kept this long, then deleted."""
PAGE_OF_ERRORS = 500


@dataclass(frozen=True, slots=True)
class Import:
    """An import as read."""

    row: store.Row
    about: store.About


class ImportDesk:
    """Takes files of contacts, and says what became of them."""

    def __init__(self, units: Units, keys: KeyService, storage: Storage) -> None:
        self.units = units
        self.keys = keys
        self.storage = storage

    async def keep(self, workspace: WorkspaceId, chunks: AsyncIterator[bytes], filename: str | None) -> Import:
        """Write a file to disk and look at it. `record` must follow. Raises InvalidInput, Unavailable."""
        file = FileId(workspace, new_uuid())
        key = (await self.keys.scope(workspace)).data
        written = await self.storage.write(file, key, chunks)
        try:
            head = await self._head(file, written.size)
            about = await off_loop(lambda: _looked_at(head, filename))
        except InvalidInput:
            await self.storage.delete(file)
            raise
        moment = now()
        sealed = store.ABOUT.seal(key, workspace, file.id, about)
        row = store.Row(
            workspace, file.id, "uploaded", written.size, sealed, 0, 0, 0, 0, moment, None, None, moment + KEPT
        )
        return Import(row, about)

    async def record(self, unit: Unit, kept: Import) -> Import:
        """Enter it into the books, with what its columns seem to mean."""
        fields = await fields_of(unit, self.keys, [unit.workspace])
        about = msgspec.structs.replace(kept.about, suggested=suggested(kept.about.columns, fields))
        row = await self._with(kept.row, about)
        await store.add(unit, row)
        return Import(row, about)

    async def start(self, unit: Unit, wanted: UUID, mapping: Mapping[str, str], tags: Sequence[str]) -> Import:
        """Let a worker take it in. Raises NotFound, InvalidInput, Conflict when it was started before."""
        known = await self.get(unit, wanted)
        _check(known.about, mapping)
        about = msgspec.structs.replace(known.about, mapping=dict(mapping), tags=tuple(tags))
        row = await self._with(known.row, about)
        if not await store.start(unit, wanted, row.about, now()):
            raise Conflict("The import was started already; GET it to see how far it is.", code="already_started")
        unit.wake(LANE)
        return await self.get(unit, wanted)

    async def get(self, unit: Unit, wanted: UUID) -> Import:
        """Raises NotFound."""
        row = await store.one(unit, wanted)
        if row is None:
            raise NotFound("There is no such import in this workspace, or its term has passed.")
        return await self._open(row)

    async def page(self, unit: Unit, after: UUID | None, limit: int) -> list[Import]:
        """Newest first."""
        return [await self._open(row) for row in await store.page(unit, after, limit)]

    async def bad_rows(self, workspace: WorkspaceId, wanted: UUID) -> AsyncIterator[list[tuple[int, store.BadRow]]]:
        """The rows that were not taken, a page a unit."""
        key = (await self.keys.scope(workspace)).data
        after = 0
        while True:
            async with self.units.begin(workspace) as unit:
                found = await store.errors(unit, wanted, after, PAGE_OF_ERRORS)
            if not found:
                return
            yield [(place, store.BAD_ROW.unseal(key, workspace, wanted, about)) for place, about in found]
            after = found[-1][0]

    async def _open(self, row: store.Row) -> Import:
        key = (await self.keys.scope(row.workspace)).data
        return Import(row, store.ABOUT.unseal(key, row.workspace, row.id, row.about))

    async def _with(self, row: store.Row, about: store.About) -> store.Row:
        key = (await self.keys.scope(row.workspace)).data
        columns = {name: getattr(row, name) for name in store.Row.__slots__}
        return store.Row(**{**columns, "about": store.ABOUT.seal(key, row.workspace, row.id, about)})

    async def _head(self, file: FileId, size: int) -> bytes:
        key = (await self.keys.scope(WorkspaceId(file.workspace))).data
        stored = await self.storage.open(file, key)
        return b"".join([chunk async for chunk in stored.part(0, min(size, HEAD_BYTES))])


def _looked_at(head: bytes, filename: str | None) -> store.About:
    """What the beginning of a file shows. Raises InvalidInput when there is no row under a header."""
    dialect = dialect_of(head)
    rows = list(islice(rows_of(head, dialect), PREVIEW_ROWS + 1))
    columns = columns_of(rows[0]) if rows else []
    if len(rows) < 2:  # noqa: PLR2004 - a header and a row
        sentence = "Send CSV: a line with the names of the columns, and a line for each contact."
        raise InvalidInput("There are no rows in the file.", [fault("/file", "no_rows", sentence)])
    preview = tuple(tuple(row[: len(columns)]) for row in rows[1:])
    return store.About(filename=filename, dialect=dialect, columns=tuple(columns), preview=preview, suggested={})


def _check(about: store.About, mapping: Mapping[str, str]) -> None:
    faults = []
    for column, meaning in mapping.items():
        if column not in about.columns:
            faults.append(fault(f"/mapping/{column}", "unknown_column", "The file has no such column."))
        elif meaning not in MEANINGS and not (meaning.startswith(FIELD) and len(meaning) > len(FIELD)):
            sentence = f"Use one of: {', '.join(MEANINGS)}, {FIELD}… with a field's key."
            faults.append(fault(f"/mapping/{column}", "not_allowed", sentence))
    if len(set(mapping.values())) < len(mapping):
        faults.append(fault("/mapping", "twice", "Two columns can't mean the same."))
    if not {"phone", "email", "user_id"} & set(mapping.values()):
        sentence = "Say which column has the phone, the user id or the e-mail address."
        faults.append(fault("/mapping", "nobody", sentence))
    if faults:
        raise InvalidInput("The import can't be started like this.", faults)
