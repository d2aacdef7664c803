"""The lane that takes imports in, a batch a unit, and makes marks anew. Killed, it goes on where it was."""

import csv
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice

import structlog

from parley.core.errors import Fault, InvalidInput, NotFound
from parley.core.time import now
from parley.kit.storage import FileDamaged, FileId
from parley.kit.unit import Unit
from parley.modules.contacts.service.import_rows import upsert_of
from parley.modules.contacts.service.imports import Import, ImportDesk
from parley.modules.contacts.service.recognise import Directory
from parley.modules.contacts.service.reindex import reindex
from parley.modules.contacts.service.upsert import Upsert, Upserted, upsert_contacts
from parley.modules.contacts.sheets import rows_of
from parley.modules.contacts.store import imports as store

BATCH = 200
"""Rows of one unit: some tens of milliseconds, so that nobody waits long for a contact's row."""
SLICE = 5_000
"""Rows of one claim; then the import that waited longest has its turn."""
HELD = timedelta(seconds=60)
"""A claim holds so long after each batch."""
MAX_BAD_ROWS = 10_000
"""Rows kept to be mended; a file with more is the wrong file."""
SWEPT = 20

log = structlog.get_logger("parley.contacts")


class ImportWorker:
    """The lane."""

    def __init__(self, desk: ImportDesk, directory: Directory) -> None:
        self._desk = desk
        self._directory = directory

    async def work(self) -> int:
        """A slice of one import, or a batch of marks; how many rows or contacts."""
        moment = now()
        async with self._desk.units.begin(lane="claim") as unit:
            row = await store.claim(unit, moment, moment + HELD)
        if row is None:
            return await reindex(self._desk.units, self._directory)
        return await self._slice(row)

    async def sweep(self) -> int:
        """Delete imports whose term has passed, file first."""
        async with self._desk.units.begin(lane="claim") as unit:
            gone = await store.expired(unit, now(), SWEPT)
            for workspace, wanted in gone:
                await self._desk.storage.delete(FileId(workspace, wanted))
                await store.delete(unit, workspace, wanted)
        return len(gone)

    async def _slice(self, row: store.Row) -> int:
        key = (await self._desk.keys.scope(row.workspace)).data
        known = Import(row, store.ABOUT.unseal(key, row.workspace, row.id, row.about))
        try:
            stored = await self._desk.storage.open(FileId(row.workspace, row.id), key)
            content = b"".join([chunk async for chunk in stored.chunks])
            rows = islice(rows_of(content, known.about.dialect), row.rows_done + 1, row.rows_done + 1 + SLICE)
            done = await self._batches(known, rows)
        except _Overtaken:
            return 1
        except (NotFound, FileDamaged, InvalidInput, csv.Error) as error:
            log.warning("An import can't be read.", action="import_broken", error=type(error).__name__)
            return await self._end(row, "failed")
        return await self._end(row, "done") if done < SLICE else await self._free(row, done)

    async def _batches(self, known: Import, rows: Iterator[list[str]]) -> int:
        """Take in what is left of the slice; how many rows."""
        done = 0
        while batch := list(islice(rows, BATCH)):
            first = known.row.rows_done + done
            async with self._desk.units.begin(known.row.workspace) as unit:
                await self._batch(unit, known, first, batch)
            done += len(batch)
        return done

    async def _batch(self, unit: Unit, known: Import, first: int, batch: Sequence[list[str]]) -> None:
        """Rows and the count of them in one transaction, so that none is counted twice."""
        meant = [_meant(known.about, row) for row in batch]
        outcomes = await _upserted(unit, self._directory, meant)
        bad = [(place, each.faults) for place, each in enumerate(outcomes) if each.faults]
        created = sum(each.created for each in outcomes)
        step = store.Step(
            before=first,
            after=first + len(batch),
            created=created,
            updated=len(batch) - len(bad) - created,
            failed=len(bad),
            held_until=now() + HELD,
        )
        failed = await store.advance(unit, known.row.id, step)
        if failed is None:
            raise _Overtaken
        if bad and failed <= MAX_BAD_ROWS:
            key = (await self._desk.keys.scope(known.row.workspace)).data
            told = [
                (first + place + 1, store.BadRow(tuple(batch[place]), tuple(map(_told, faults))))
                for place, faults in bad
            ]
            workspace, wanted = known.row.workspace, known.row.id
            await store.add_errors(
                unit, wanted, [(place, store.BAD_ROW.seal(key, workspace, wanted, each)) for place, each in told]
            )

    async def _end(self, row: store.Row, state: str) -> int:
        async with self._desk.units.begin(row.workspace) as unit:
            await store.finish(unit, row.id, state, now())
        return 1

    async def _free(self, row: store.Row, done: int) -> int:
        async with self._desk.units.begin(row.workspace) as unit:
            await store.release(unit, row.id, now())
        return done


class _Overtaken(Exception):
    """Another worker went on with this import, for our claim had run out."""


async def _upserted(unit: Unit, directory: Directory, meant: Sequence[Upsert | tuple[Fault, ...]]) -> list[Upserted]:
    done = iter(await upsert_contacts(unit, directory, [each for each in meant if isinstance(each, Upsert)]))
    return [next(done) if isinstance(each, Upsert) else Upserted(faults=each) for each in meant]


def _meant(about: store.About, row: Sequence[str]) -> Upsert | tuple[Fault, ...]:
    by_column = dict(zip(about.columns, row, strict=False))
    return upsert_of({meaning: by_column.get(column, "") for column, meaning in about.mapping.items()}, about.tags)


def _told(fault: Fault) -> str:
    return f"{fault.pointer.removeprefix('/')}: {fault.detail}" if fault.pointer else fault.detail
