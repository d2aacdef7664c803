"""Segments: questions about contacts, kept under a name and asked anew each time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from parley.core.errors import InvalidInput, NotFound, fault
from parley.core.ids import new_uuid
from parley.core.json import JsonValue
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.contacts.query import Condition, read_condition
from parley.modules.contacts.service.recognise import Directory
from parley.modules.contacts.service.search import prepare
from parley.modules.contacts.store import segments as store

MAX_SEGMENTS = 500
"""Of a workspace; people choose from them by eye."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A question that is kept: `question` as it was given, and read."""

    id: UUID
    name: str
    question: JsonValue
    created_at: datetime
    updated_at: datetime

    @property
    def condition(self) -> Condition:
        return read_condition(self.question, "/filter")


async def create_segment(unit: Unit, directory: Directory, name: str, question: JsonValue) -> Segment:
    """Raises InvalidInput for what can't be asked, and for too many."""
    if await store.count(unit) >= MAX_SEGMENTS:
        sentence = f"A workspace has {MAX_SEGMENTS} segments at most."
        raise InvalidInput("There are too many segments.", [fault("", "too_many", sentence)])
    await prepare(unit, directory, read_condition(question, "/filter"))
    segment = new_uuid()
    await store.add(unit, segment, await _sealed(unit, directory.people.scopes, segment, (name, question)))
    return await get_segment(unit, directory.people.scopes, segment)


async def change_segment(
    unit: Unit, directory: Directory, segment: UUID, name: str | None, question: JsonValue
) -> Segment:
    """Set what is not None. Raises NotFound, InvalidInput."""
    keys = directory.people.scopes
    known = await get_segment(unit, keys, segment)
    fresh = (known.name if name is None else name, known.question if question is None else question)
    await prepare(unit, directory, read_condition(fresh[1], "/filter"))
    await store.save(unit, segment, await _sealed(unit, keys, segment, fresh))
    return await get_segment(unit, keys, segment)


async def delete_segment(unit: Unit, segment: UUID) -> None:
    """Raises NotFound."""
    if not await store.delete(unit, segment):
        raise _nowhere()


async def get_segment(unit: Unit, keys: KeyService, segment: UUID) -> Segment:
    """Raises NotFound."""
    row = await store.one(unit, segment)
    if row is None:
        raise _nowhere()
    return (await _open(keys, [row]))[0]


async def list_segments(unit: Unit, keys: KeyService, after: UUID | None, limit: int) -> list[Segment]:
    """A page, newest first."""
    return await _open(keys, await store.page(unit, after, limit))


def _nowhere() -> NotFound:
    return NotFound("There is no such segment in this workspace.")


async def _sealed(unit: Unit, keys: KeyService, segment: UUID, about: tuple[str, JsonValue]) -> bytes:
    own = (await keys.scope(unit.workspace)).data
    kept = store.About(about[0], msgspec.Raw(msgspec.json.encode(about[1])))
    return store.ABOUT.seal(own, unit.workspace, segment, kept)


async def _open(keys: KeyService, rows: Sequence[store.Row]) -> list[Segment]:
    found: list[Segment] = []
    for row in rows:
        about = store.ABOUT.unseal((await keys.scope(row.workspace)).data, row.workspace, row.id, row.about)
        question: JsonValue = msgspec.json.decode(about.question)
        found.append(
            Segment(id=row.id, name=about.name, question=question, created_at=row.created_at, updated_at=row.updated_at)
        )
    return found
