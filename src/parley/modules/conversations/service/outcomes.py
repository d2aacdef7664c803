"""Wait for what becomes of messages: one query for all who wait in this process, and none while nobody does."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from parley.core.errors import Unavailable
from parley.core.ids import MessageId, WorkspaceId
from parley.core.time import elapsed_seconds
from parley.kit.crypto import Key, key_id_of
from parley.kit.unit import Units
from parley.modules.channels.ports import Refusal
from parley.modules.conversations.domain import Status
from parley.modules.conversations.service.settle import WORDS
from parley.modules.conversations.stand_in import stand_in
from parley.modules.conversations.store import arrivals
from parley.modules.conversations.store import outcomes as store
from parley.modules.privacy import People

LOOK_SECONDS = 0.015
"""Between two looks, or as long as a look takes: far below a provider's answer, far above the cost of the query."""
REST_SECONDS = 0.5
"""After the database went away."""
MOST_WAITING = 2_000
"""At once in one process; beyond that a caller is told at once that the outcome is not known yet."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The provider has it, or may have: the id it goes by, the provider's own or the stand-in."""

    provider_id: str


@dataclass(frozen=True, slots=True)
class NotTaken:
    """It failed: the provider's refusal word for word where there is one, else our code and words."""

    code: int
    title: str
    detail: str | None
    refusal: Refusal | None


Outcome = Taken | NotTaken
_Place = tuple[WorkspaceId, MessageId]


class Outcomes:
    """Tells callers what became of their messages. Holds no connection while nothing is asked."""

    def __init__(self, units: Units, people: People) -> None:
        self._units = units
        self._people = people
        self._waiting: dict[_Place, list[asyncio.Future[Outcome]]] = {}
        self._looking: asyncio.Task[None] | None = None

    async def wait(self, workspace: WorkspaceId, message: MessageId, seconds: float) -> Outcome:
        """What became of a message; after `seconds` without a word, its stand-in id, kept from then on."""
        if len(self._waiting) < MOST_WAITING:
            place = (workspace, message)
            told: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
            self._waiting.setdefault(place, []).append(told)
            if self._looking is None:
                self._looking = asyncio.create_task(self._look())
            try:
                async with asyncio.timeout(seconds):
                    return await told
            except TimeoutError:
                pass
            finally:
                self._leave(place, told)
        return await self._stand_in(workspace, message)

    async def _stand_in(self, workspace: WorkspaceId, message: MessageId) -> Outcome:
        async with self._units.begin(workspace) as unit:
            if await store.keep_stand_in(unit, message):
                return Taken(stand_in(message))
            rows = await store.decided(unit, [(workspace, message)])
        keys = await self._keys(rows)
        return self._opened(rows[0], keys) if rows else Taken(stand_in(message))

    def _leave(self, place: _Place, told: "asyncio.Future[Outcome]") -> None:
        others = self._waiting.get(place, [])
        if told in others:
            others.remove(told)
        if not others:
            self._waiting.pop(place, None)

    async def _look(self) -> None:
        """Look for outcomes until nobody waits any more."""
        pause = LOOK_SECONDS
        try:
            while self._waiting:
                await asyncio.sleep(pause)
                begun = elapsed_seconds()
                try:
                    await self._tell(list(self._waiting))
                    pause = max(LOOK_SECONDS, elapsed_seconds() - begun)
                except Unavailable:
                    pause = REST_SECONDS
        finally:
            self._looking = None

    async def _tell(self, wanted: Sequence[_Place]) -> None:
        if not wanted:
            return
        async with self._units.begin(*{workspace for workspace, _ in wanted}) as unit:
            rows = await store.decided(unit, wanted)
        keys = await self._keys(rows)
        for row in rows:
            if row.status == Status.UNSURE:
                await self._settle_unsure(row)
                continue
            self._give(row, self._opened(row, keys))

    async def _settle_unsure(self, row: store.Decided) -> None:
        """It is for statuses to tell, perhaps in minutes; nobody waits for that."""
        async with self._units.begin(row.workspace) as unit:
            kept = await store.keep_stand_in(unit, row.id)
        if kept:
            self._give(row, Taken(stand_in(row.id)))

    def _give(self, row: store.Decided, outcome: Outcome) -> None:
        for told in self._waiting.pop((row.workspace, row.id), ()):
            if not told.done():
                told.set_result(outcome)

    async def _keys(self, rows: Sequence[store.Decided]) -> Mapping[UUID, Key]:
        sealed = [(row.workspace, each) for row in rows for each in (row.provider_id, row.refusal) if each is not None]
        for row in rows:
            await self._people.scopes.scope(row.workspace)
        return await self._people.keys_of([(workspace, key_id_of(each)) for workspace, each in sealed])

    def _opened(self, row: store.Decided, keys: Mapping[UUID, Key]) -> Outcome:
        if row.stands_in:
            return Taken(stand_in(row.id))
        if row.provider_id is not None:
            key = keys.get(key_id_of(row.provider_id))
            known = arrivals.PROVIDER_ID.unseal(key, row.workspace, row.id, row.provider_id) if key else None
            return Taken(known or stand_in(row.id))
        return self._refused(row, keys)

    def _refused(self, row: store.Decided, keys: Mapping[UUID, Key]) -> NotTaken:
        told = msgspec.json.decode(row.detail, type=_Detail) if row.detail else _Detail()
        first = told.errors[0] if told.errors else _Error()
        own = self._people.scopes.held(row.workspace)
        words = WORDS.unseal(own.data, row.workspace, row.workspace, row.words) if row.words else None
        key = keys.get(key_id_of(row.refusal)) if row.refusal else None
        body = store.REFUSAL.unseal(key, row.workspace, row.id, row.refusal) if key and row.refusal else None
        refusal = Refusal(row.http_status or 0, body) if body is not None else None
        return NotTaken(first.code, first.title, words, refusal)


class _Error(msgspec.Struct):
    code: int = 0
    title: str = "The message was not sent"


class _Detail(msgspec.Struct):
    errors: list[_Error] = []
