"""Fetch inbound files: claim what is due, download, verify, keep encrypted. No connection is held meanwhile."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog

from parley.core.errors import NotFound, Unavailable
from parley.core.ids import chance
from parley.core.time import now
from parley.kit.crypto import Key
from parley.kit.storage import FileId, Storage, Written
from parley.kit.telemetry import counters
from parley.kit.unit import Units
from parley.modules.channels import Routes
from parley.modules.channels.inbound import MediaFile
from parley.modules.channels.ports import ChannelDriver
from parley.modules.media import store
from parley.modules.media.domain import About, read_digest
from parley.modules.media.service.read import key_of
from parley.modules.media.service.settle import BROKEN, Outcome, Problem, problem_of, settle_fetch
from parley.modules.media.sniff import is_animated, is_opus, settle, sniff
from parley.modules.privacy import People

SLOTS = 8
"""Downloads under way at once in one worker; each may last minutes and holds two megabytes."""
WORKSPACE_SLOTS = SLOTS // 2
"""No workspace holds more than half of them."""
DOWNLOAD_SECONDS = 150.0
"""100 MB from a slow provider; the driver's own deadlines are shorter."""
HELD = timedelta(seconds=240)
"""A claim holds this long: the download and writing down its outcome. Then another worker may try."""

log = structlog.get_logger("parley.media")


@dataclass(frozen=True, slots=True)
class Fetching:
    """What fetching needs."""

    units: Units
    people: People
    routes: Routes
    drivers: Mapping[str, ChannelDriver]
    storage: Storage


class MediaFetcher:
    """The lane that fetches."""

    def __init__(self, needs: Fetching) -> None:
        self._needs = needs
        self._under_way: set[asyncio.Task[None]] = set()
        self._by_workspace: Counter[UUID] = Counter()

    async def work(self) -> int:
        """Claim as many files as there are free slots and start fetching them; how many."""
        free = SLOTS - len(self._under_way)
        if free <= 0:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
            return 1
        full = tuple(workspace for workspace, count in self._by_workspace.items() if count >= WORKSPACE_SLOTS)
        limits = store.ClaimLimits(
            total=free, per_workspace=min(free, WORKSPACE_SLOTS), full_workspaces=full, held=HELD
        )
        async with self._needs.units.begin(lane="claim") as unit:
            claimed = await store.claim(unit, now(), limits)
        for row in claimed:
            self._start(row)
        return len(claimed)

    async def drain(self, seconds: float = DOWNLOAD_SECONDS) -> None:
        """Wait for the downloads under way; those that last longer are stopped, and fetched again later."""
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _start(self, row: store.Row) -> None:
        self._by_workspace[row.workspace] += 1
        task = asyncio.create_task(self._fetch(row))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _fetch(self, row: store.Row) -> None:
        try:
            outcome = await self._outcome(row)
            counters.add("media_fetches", outcome.word)
            if not await settle_fetch(self._needs.units, row, outcome, jitter=chance.random()):
                await self._needs.storage.delete(FileId(row.workspace, row.id))
        except Unavailable as error:
            # Whatever is not written down now is done again when the claim runs out.
            log.warning("A file is fetched again later.", action="media_unsettled", error=error.reason)
        finally:
            self._by_workspace[row.workspace] -= 1

    async def _outcome(self, row: store.Row) -> Outcome:
        """How one attempt went: every failure is a value, and counts as an attempt."""
        try:
            key = await key_of(self._needs.people, row)
            if key is None:
                return Outcome(problem=Problem("erased", final=True))
            return await self._keep(row, key)
        except Exception as error:
            problem = problem_of(error)
            if problem.word == BROKEN:
                log.exception("A file could not be fetched.", action="media_fetch_broken", media=str(row.id))
            else:
                log.info(
                    "A file could not be fetched.", action="media_fetch_failed", media=str(row.id), why=problem.word
                )
            return Outcome(problem=problem)

    async def _keep(self, row: store.Row, key: Key) -> Outcome:
        about = store.ABOUT.unseal(key, row.workspace, row.id, row.about)
        if row.channel is None:
            raise NotFound("The file came by no channel.")
        channel = await self._needs.routes.get(row.channel)
        driver = self._needs.drivers.get(channel.kind)
        if driver is None:
            raise NotFound("There is no driver for the channel the file came by.")
        chunks = driver.download(channel.access, _file(row, about))
        file, promised = FileId(row.workspace, row.id), read_digest(about.promised)
        try:
            async with asyncio.timeout(DOWNLOAD_SECONDS):
                written = await self._needs.storage.write(file, key, chunks, sha256=promised)
        finally:
            if isinstance(chunks, AsyncGenerator):
                await chunks.aclose()
        known = store.ABOUT.seal(key, row.workspace, row.id, _known(about, written))
        return Outcome(size=written.size, about=known)


def _file(row: store.Row, about: About) -> MediaFile:
    return MediaFile(
        provider_id=about.provider_id or "",
        kind=row.kind,
        content_type=about.declared,
        sha256=about.promised,
        url=about.url,
        filename=about.filename,
    )


def _known(about: About, written: Written) -> About:
    """What is known once the file is here. The address died with the fetch."""
    found = sniff(written.head)
    return About(
        filename=about.filename,
        declared=about.declared,
        sniffed=found,
        content_type=settle(about.declared, found),
        sha256=written.sha256.hex(),
        animated=is_animated(written.head),
        opus=is_opus(written.head),
        provider_id=about.provider_id,
    )
