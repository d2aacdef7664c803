"""A unit of work: one request or one job, one transaction, committed at the edge and nowhere else."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from parley.core.errors import InvalidInput, Unavailable
from parley.core.events import Event
from parley.kit.database import AWAY, CONNECT_SECONDS, Connection, Database

CALLER_ROLE = "parley_caller"
"""The database role of a unit that sees some channels only; row-level security hides what belongs to the others."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Which channels a unit sees: those listed, or all but those listed."""

    channels: frozenset[UUID]
    hidden: bool = False

    def show(self, channel: UUID) -> bool:
        return (channel in self.channels) != self.hidden


@dataclass(frozen=True, slots=True)
class Caller:
    """For whom a unit works: who did it (`key_…`, `app_…`), recorded with each fact, and what they may see."""

    actor: str
    bounds: Bounds | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What comes after the commit, and what comes instead when there was none."""

    run: Callable[[], Awaitable[None]]
    otherwise: Callable[[], None] | None


class Unit:
    """What a verb is handed: the transaction, whose workspace it is bound to, and where facts are recorded."""

    __slots__ = ("_workspaces", "caller", "connection", "events", "follow_ups", "redone", "wakes")

    def __init__(self, connection: Connection, workspaces: Sequence[UUID] = (), caller: Caller | None = None) -> None:
        self.connection = connection
        self.caller = caller
        self.events: list[Event] = []
        self.wakes: set[str] = set()
        """Lanes that have work once this unit is committed."""
        self.follow_ups: list[FollowUp] = []
        self.redone = False
        """Nothing may leave Parley when this is committed, for the commit may yet be lost, and the work done again."""
        self._workspaces = tuple(workspaces)

    @property
    def workspace(self) -> UUID:
        """The one workspace this unit is bound to."""
        (workspace,) = self._workspaces
        return workspace

    def shows(self, channel: UUID) -> bool:
        """Whether things of this channel may be seen and made here."""
        return self.caller is None or self.caller.bounds is None or self.caller.bounds.show(channel)

    def record(self, event: Event) -> None:
        """Something happened; what follows is in the table of reactions."""
        self.events.append(event)

    def wake(self, lane: str) -> None:
        """Once committed, the lane of this name has something to do."""
        self.wakes.add(lane)

    def then(self, follow_up: Callable[[], Awaitable[None]], otherwise: Callable[[], None] | None = None) -> None:
        """Run this after the commit. A crash may lose it, so whatever caused it must cause it again.

        `otherwise` is called instead when the work was undone, or nobody knows whether it was.
        """
        self.follow_ups.append(FollowUp(follow_up, otherwise))

    def undone(self, kept: int = 0) -> None:
        """What followed up the work since then does not happen. `kept`: how many follow-ups stay."""
        for each in self.follow_ups[kept:]:
            if each.otherwise is not None:
                each.otherwise()
        del self.follow_ups[kept:]

    async def bind(self, workspaces: Sequence[UUID]) -> None:
        """Bind the rest of this transaction to these workspaces: row-level security shows no others."""
        self._workspaces = tuple(workspaces)
        await self.connection.execute(_BIND, ",".join(map(str, workspaces)))

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """Part of the work: when it raises, only what it did is undone, and the unit goes on."""
        recorded, following = len(self.events), len(self.follow_ups)
        await self.connection.execute("savepoint attempt")
        try:
            yield
        except BaseException:
            await self.connection.execute("rollback to savepoint attempt; release savepoint attempt")
            del self.events[recorded:]
            self.undone(following)
            raise
        await self.connection.execute("release savepoint attempt")

    async def enter_lane(self, lane: str) -> None:
        """Let this transaction claim across workspaces, from the tables of that lane only."""
        await self.connection.execute(_LANE, lane)


_BIND = "select set_config('app.workspaces', $1, true)"
_LANE = "select set_config('app.lane', $1, true)"

_REDONE = "set local synchronous_commit = off"

_LANE_NAME = re.compile(r"[a-z_]+\Z")


def _beginning(workspaces: Sequence[UUID], lane: str | None, bounds: Bounds | None) -> str:
    """Begin, and bind, in one round trip. Ids and lane names are the only things spelled into SQL here."""
    parts = ["begin"]
    if lane is not None:
        if not _LANE_NAME.match(lane):
            raise ValueError(f"{lane!r} is no name of a lane")
        parts.append(f"set local app.lane = '{lane}'")
    if workspaces:
        parts.append(f"set local app.workspaces = '{_spelled(workspaces)}'")
    if bounds is not None:
        parts.append(f"set local app.channels = '{_spelled(sorted(bounds.channels))}'")
        parts.append(f"set local app.channels_hidden = '{'on' if bounds.hidden else 'off'}'")
        parts.append(f"set local role {CALLER_ROLE}")
    return "; ".join(parts)


def _spelled(ids: Sequence[UUID]) -> str:
    return ",".join(str(UUID(int=each.int)) for each in ids)


async def _roll_back(connection: Connection) -> None:
    """Undo; a connection that can't even do that is dropped by the pool, and the server undoes it itself."""
    try:
        await connection.execute("rollback", timeout=CONNECT_SECONDS)
    except (asyncpg.PostgresError, *AWAY):
        connection.terminate()


@asynccontextmanager
async def bound(database: Database, workspaces: Collection[UUID]) -> AsyncIterator[Connection]:
    """A transaction bound to these workspaces that is no unit: the vault's. Committed at the end."""
    connection = await database.acquire()
    try:
        await connection.execute(_beginning(sorted(workspaces), None, None))
        try:
            yield connection
        except BaseException:
            await _roll_back(connection)
            raise
        await connection.execute("commit")
    finally:
        await database.release(connection)


BeforeCommit = Callable[[Unit], Awaitable[None]]
AfterCommit = Callable[[Unit], None]


class Units:
    """The edge: begins units on a database, lets the table of reactions finish them, commits, wakes the lanes."""

    def __init__(self, database: Database, before_commit: BeforeCommit, after_commit: AfterCommit) -> None:
        self.database = database
        self._before_commit = before_commit
        self._after_commit = after_commit

    @asynccontextmanager
    async def begin(
        self, *workspaces: UUID, lane: str | None = None, caller: Caller | None = None, redone: bool = False
    ) -> AsyncIterator[Unit]:
        """One transaction bound to these workspaces (none: bind later).

        Raises Unavailable when the database goes, or chose this one to end a deadlock.
        `redone`: were it lost with the server in the next half second, it would be done again, so its commit does not
        wait for the disk. Any other commit takes it to the disk too.
        """
        connection = await self.database.acquire()
        unit = Unit(connection, workspaces, caller)
        unit.redone = redone
        try:
            try:
                beginning = _beginning(workspaces, lane, caller.bounds if caller else None)
                await connection.execute(f"{beginning}; {_REDONE}" if redone else beginning)
                try:
                    yield unit
                    await self._before_commit(unit)
                except BaseException:
                    await _roll_back(connection)
                    raise
                await connection.execute("commit")
            except AWAY as error:
                raise Unavailable("The database went away; nothing was changed.", retry_after=2) from error
            except asyncpg.DeadlockDetectedError as error:
                raise Unavailable("Others changed the same things; nothing was changed here.", retry_after=1) from error
            except (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError) as error:
                raise InvalidInput("A text has the character NUL, which can't be kept or looked for.") from error
            finally:
                await self.database.release(connection)
            self._after_commit(unit)
            while unit.follow_ups:
                await unit.follow_ups[0].run()
                del unit.follow_ups[0]
        finally:
            unit.undone()
