"""Published flows, read and compiled once, kept in memory until one changes."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

import structlog

from parley.core.errors import Unavailable
from parley.core.ids import FlowId, WorkspaceId
from parley.core.json import JsonObject
from parley.core.time import elapsed_seconds
from parley.kit.cache import Bounded
from parley.kit.database import AWAY
from parley.kit.keys import KeyService
from parley.kit.unit import Units
from parley.modules.flows.domain import is_tried_on, slug_of
from parley.modules.flows.engine import (
    Chosen,
    Definition,
    Flows,
    FlowTriggers,
    Input,
    Needs,
    Occasion,
    Session,
    choose,
    needs_of,
    read_definition,
    triggers_of,
)
from parley.modules.flows.store import definitions

REFRESH_SECONDS = 15.0
"""Older than this they are read again beside the work: nobody's reply waits for it."""
STALE_SECONDS = 30.0
"""A publication whose wake-up was lost is seen this late at most."""
WORKSPACES = 2000
VERSIONS = 2000
"""Compiled definitions kept in memory, about 50 kB each."""


@dataclass(frozen=True, slots=True)
class Version:
    """One immutable version of a flow, ready to run."""

    flow: FlowId
    number: int
    definition: Definition
    needs: Needs
    """What it may look at, which then has to be read."""
    names: frozenset[str]
    """The flows that it can enter."""


_NO_FLOWS = Flows()

log = structlog.get_logger("parley.flows")


@dataclass(frozen=True, slots=True)
class _Trial:
    """A version that answers some of the contacts."""

    version: Version
    percent: int
    triggers: FlowTriggers


@dataclass(frozen=True, slots=True)
class _Published:
    read_at: float
    by_id: dict[str, Version]
    by_name: dict[str, Version]
    """By the definition's own id."""
    triggers: tuple[FlowTriggers, ...]
    trials: tuple[_Trial, ...] = ()
    asks_for_first: bool = False

    def to(self, contact: UUID) -> "_Published":
        """What is published to this contact: versions on trial in the place of the others, where they are tried."""
        mine = [
            each for each in self.trials if is_tried_on(contact, each.version.flow, each.version.number, each.percent)
        ]
        if not mine:
            return self
        tried = {each.triggers.flow_id for each in mine}
        kept = tuple(each for each in self.triggers if each.flow_id not in tried)
        return _Published(
            self.read_at,
            self.by_id | {each.triggers.flow_id: each.version for each in mine},
            self.by_name | {each.version.definition.id: each.version for each in mine},
            kept + tuple(each.triggers for each in mine),
            asks_for_first=self.asks_for_first,
        )


class Shelf:
    """The flows of all workspaces, by need."""

    def __init__(self, units: Units, keys: KeyService) -> None:
        self._units = units
        self._keys = keys
        self._published: Bounded[WorkspaceId, _Published] = Bounded(WORKSPACES)
        self._versions: Bounded[tuple[FlowId, int], Version] = Bounded(VERSIONS)
        self._changes = 0
        self._refreshing: dict[WorkspaceId, asyncio.Task[None]] = {}

    def invalidate(self) -> None:
        """Some flow was published."""
        self._changes += 1
        self._published.clear()

    async def choose(
        self, workspace: WorkspaceId, contact: UUID, received: Input, occasion: Occasion
    ) -> tuple[Version, Chosen] | None:
        """The flow that this contact's message starts, and why."""
        published = (await self._current(workspace)).to(contact)
        chosen = choose(published.triggers, received, occasion)
        return (published.by_id[chosen.flow_id], chosen) if chosen else None

    async def asks_for_first_messages(self, workspace: WorkspaceId) -> bool:
        """Whether a flow starts with the first message of a person, which then has to be known."""
        return (await self._current(workspace)).asks_for_first

    async def flows(self, workspace: WorkspaceId, contact: UUID, version: Version, session: Session | None) -> Flows:
        """The other flows that this contact's sprint can be in or come to."""
        runs = [(run.flow, run.version) for run in session.runs if run.flow is not None] if session else []
        if not runs and not version.names:
            return _NO_FLOWS
        pinned = {pair: found.definition for pair in runs if (found := await self.named(workspace, *pair)) is not None}
        published = (await self._current(workspace)).to(contact)
        live: dict[str, Definition] = {}
        waiting = set(version.names).union(*(each.flows for each in pinned.values()))
        while waiting:
            name = waiting.pop()
            if name in published.by_name and name not in live:
                live[name] = published.by_name[name].definition
                waiting |= live[name].flows
        return Flows(live=live, pinned=pinned)

    async def named(self, workspace: WorkspaceId, name: str, number: int) -> Version | None:
        """One version of the flow with this id of its definition."""
        known = (await self._current(workspace)).by_name.get(name)
        if known is not None:
            return known if known.number == number else await self.version(workspace, known.flow, number)
        async with self._units.begin(workspace) as unit:
            flow = await definitions.flow_id(unit, slug_of(name))
        return None if flow is None else await self.version(workspace, flow, number)

    async def _current(self, workspace: WorkspaceId) -> _Published:
        published = self._published.get(workspace)
        age = elapsed_seconds() - published.read_at if published else STALE_SECONDS
        if published is None or age >= STALE_SECONDS:
            return await self._read(workspace)
        if age >= REFRESH_SECONDS and workspace not in self._refreshing:
            self._refreshing[workspace] = asyncio.create_task(self._refresh(workspace))
        return published

    async def _refresh(self, workspace: WorkspaceId) -> None:
        """Read again. What fails is read by whoever needs it once it is stale."""
        try:
            await self._read(workspace)
        except (Unavailable, *AWAY) as error:
            log.info("Flows are read again later.", action="not_refreshed", error=type(error).__name__)
        finally:
            del self._refreshing[workspace]

    async def version(self, workspace: WorkspaceId, flow: FlowId, number: int) -> Version | None:
        """One version, published or not: a session stays on its own."""
        known = self._versions.get((flow, number))
        if known is None:
            own = await self._keys.scope(workspace)
            async with self._units.begin(workspace) as unit:
                sealed = await definitions.version(unit, flow, number)
            if sealed is None:
                return None
            known = _compile(flow, number, definitions.DEFINITION.unseal(own.data, workspace, flow, sealed))
            self._versions.put((flow, number), known)
        return known

    async def _read(self, workspace: WorkspaceId) -> _Published:
        changes = self._changes
        own = await self._keys.scope(workspace)
        async with self._units.begin(workspace) as unit:
            rows = await definitions.live(unit)
        by_id: dict[str, Version] = {}
        trials: list[_Trial] = []
        for row in rows:
            version = self._versions.get((row.id, row.version))
            if version is None:
                document = definitions.DEFINITION.unseal(own.data, workspace, row.id, row.definition)
                version = _compile(row.id, row.version, document)
                self._versions.put((row.id, row.version), version)
            if row.on_trial and row.trial_percent is not None:
                trials.append(_Trial(version, row.trial_percent, triggers_of(version.definition, row.id.hex)))
            else:
                by_id[row.id.hex] = version
        triggers = tuple(triggers_of(version.definition, flow) for flow, version in by_id.items())
        by_name = {version.definition.id: version for version in by_id.values()}
        first = any(each.written.first_message for each in (*triggers, *(trial.triggers for trial in trials)))
        published = _Published(elapsed_seconds(), by_id, by_name, triggers, tuple(trials), first)
        if changes == self._changes:
            self._published.put(workspace, published)
        return published


def _compile(flow: FlowId, number: int, document: dict[str, object]) -> Version:
    given: JsonObject = document  # type: ignore[assignment]  # what was sealed was JSON
    definition = read_definition(given, number)
    return Version(flow, number, definition, needs_of(definition), definition.flows)
