"""Run recorded sessions again: on their own version all must be as it was; on another it shows what would change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import ndiff
from uuid import UUID

from parley.core.errors import NotFound
from parley.core.ids import FlowId, WorkspaceId
from parley.core.json import JsonObject
from parley.kit.unit import Unit
from parley.modules.flows.domain import slug_of
from parley.modules.flows.engine import (
    Definition,
    Flows,
    Readings,
    Recorded,
    Replayed,
    read_definition,
    replay,
)
from parley.modules.flows.engine.limits import SPRINTS_PER_SESSION
from parley.modules.flows.service.shelf import Shelf
from parley.modules.flows.store import definitions, sprints
from parley.modules.flows.talks.transcribe import Transcript, transcribe
from parley.modules.privacy import People


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A session run again. `same`: every sprint gave the same bytes; else `changes` tells where and what."""

    session: UUID
    sprints: int
    same: bool
    changes: tuple[str, ...]


class Replays:
    """Recorded sessions of a workspace."""

    def __init__(self, people: People, shelf: Shelf) -> None:
        self._people = people
        self._shelf = shelf

    async def newest(self, unit: Unit, flow: str, limit: int) -> list[UUID]:
        """The newest recorded sessions that began with the flow of this id (its definition's own)."""
        found = await definitions.flow_id(unit, slug_of(flow))
        if found is None:
            raise NotFound(f"There is no flow {flow!r} in this workspace.")
        return await sprints.sessions(unit, found, limit)

    async def compare(self, unit: Unit, session: UUID, against: JsonObject | None) -> Compared:
        """Run a session again, against another document of its flow if one is given. Raises NotFound, InvalidInput."""
        recorded, began, flows = await self._recorded(unit, session)
        before = list(replay(began, recorded, flows))
        if against is None:
            return _compared(session, before, before)
        return _compared(session, before, list(replay(read_definition(against), recorded, flows)))

    async def steps(self, unit: Unit, session: UUID) -> list[Replayed]:
        """A session step by step, as far as the log has it. Raises NotFound."""
        recorded, began, flows = await self._recorded(unit, session)
        return list(replay(began, recorded, flows))

    async def write_down(self, unit: Unit, session: UUID) -> Transcript:
        """A session as a conversation for authors' tests, nothing of its person in it. Raises NotFound."""
        recorded, began, flows = await self._recorded(unit, session)
        before = [(each.recorded, each.sprint) for each in replay(began, recorded, flows)]
        return transcribe(began, list(flows.by_name.values()), before)

    async def _recorded(self, unit: Unit, session: UUID) -> "tuple[list[Recorded], Definition, _Kept]":
        workspace = WorkspaceId(unit.workspace)
        rows = await sprints.of_session(unit, session, SPRINTS_PER_SESSION + 1)
        if not rows or rows[0].number != 1:
            raise NotFound("This session's beginning is not in the log: it is too old, or there is none of this id.")
        key = (await self._people.keys_of([(workspace, rows[0].contact)])).get(rows[0].contact)
        if key is None:
            raise NotFound("This session's person was erased, and with them what they said.")
        recorded = [sprints.RECORDED.unseal(key, workspace, session, row.recorded) for row in rows]
        flows = await self._flows(workspace, recorded)
        began = await self._began_with(workspace, rows[0].flow, rows[0].flow_version)
        return recorded, began, flows

    async def _began_with(self, workspace: WorkspaceId, flow: FlowId, number: int) -> Definition:
        version = await self._shelf.version(workspace, flow, number)
        if version is None:
            raise NotFound("The version of the flow that this session was on is gone.")
        return version.definition

    async def _flows(self, workspace: WorkspaceId, recorded: Sequence[Recorded]) -> "_Kept":
        wanted = {pair for each in recorded for pair in (*each.readings.live.items(), *each.readings.pinned)}
        found: dict[tuple[str, int], Definition] = {}
        for name, number in sorted(wanted):
            version = await self._shelf.named(workspace, name, number)
            if version is not None:
                found[name, number] = version.definition
        return _Kept(found)


@dataclass(frozen=True, slots=True)
class _Kept:
    """Other flows at the versions they were read at."""

    found: dict[tuple[str, int], Definition]

    @property
    def by_name(self) -> dict[str, Definition]:
        """The latest that was read of each."""
        return {name: self.found[name, number] for name, number in sorted(self.found)}

    def __call__(self, readings: Readings) -> Flows:
        live = {pair[0]: self.found[pair] for pair in readings.live.items() if pair in self.found}
        return Flows(live=live, pinned={pair: self.found[pair] for pair in readings.pinned if pair in self.found})


def _compared(session: UUID, before: Sequence[Replayed], after: Sequence[Replayed]) -> Compared:
    same = len(before) == len(after) and all(each.same for each in after)
    changes = () if same else tuple(_changes(before, after))
    return Compared(session=session, sprints=len(before), same=same, changes=changes)


def _changes(before: Sequence[Replayed], after: Sequence[Replayed]) -> Iterator[str]:
    for number, was in enumerate(before, 1):
        now = after[number - 1] if number <= len(after) else None
        if now is not None and now.same:
            continue
        yield f"sprint {number}: {_came(was)}"
        if now is None:
            yield "  the session is over before this"
            return
        lines = [line for line in ndiff(_told(was), _told(now)) if not line.startswith("?")]
        yield from (f"  {line}" for line in lines)
        if all(line.startswith(" ") for line in lines):
            yield "  the same is said, but what is kept differs"


def _came(replayed: Replayed) -> str:
    trigger, resume = replayed.recorded.trigger, replayed.recorded.resume
    return f"starts, {trigger.reason}" if trigger is not None else str(resume)


def _told(replayed: Replayed) -> list[str]:
    return [told for event in replayed.sprint.events if (told := event.told()) is not None]
