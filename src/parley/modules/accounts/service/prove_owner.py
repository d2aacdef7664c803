"""Let a workspace's owner prove by password who they are."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from parley.core.errors import TooManyRequests
from parley.core.time import elapsed_seconds
from parley.kit.cache import Bounded
from parley.kit.crypto import blind_index
from parley.kit.keys import KeyService
from parley.kit.off_loop import off_loop
from parley.kit.unit import Units
from parley.modules.accounts.domain import MAX_PASSWORD, normalise_email
from parley.modules.accounts.passwords import hash_password, verify_password
from parley.modules.accounts.service.oauth_apps import LANE
from parley.modules.accounts.store import oauth as store

MAX_FAILURES = 10
"""Of one address at one account. More is guessing; the account stays open to its owner from elsewhere."""
FORGIVEN_AFTER = timedelta(minutes=15).total_seconds()
REMEMBERED = 10_000
AT_ONCE = 2
"""Hashes under way, of 46 MiB each."""
MOST_WORKSPACES = 5
"""Of one address whose passwords are tried."""


@dataclass(slots=True)
class _Failures:
    count: int
    since: float


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody says who they are. Never logged."""

    email: str
    password: str


class OwnerProof:
    """Checks passwords, slowly and few at once; unknown addresses take as long as known ones."""

    def __init__(self, units: Units, keys: KeyService) -> None:
        self._units = units
        self._keys = keys
        self._failures: Bounded[tuple[str, bytes], _Failures] = Bounded(REMEMBERED)
        self._hashing = asyncio.Semaphore(AT_ONCE)
        self._nobody: str | None = None

    async def owners(self, said: Words, address: str, workspace: UUID | None) -> list[store.Owner]:
        """The ownerships that these words prove, of one workspace or any. Raises TooManyRequests."""
        everywhere = await self._keys.installation()
        lookup = blind_index(everywhere.index, "email", normalise_email(said.email) or "")
        self._check(address, lookup)
        async with self._units.begin(lane=LANE) as unit:
            owners = await store.owners(unit, lookup)
        meant = [each for each in owners if each.password and workspace in (None, each.workspace)][:MOST_WORKSPACES]
        proved = await self._proved(meant, said.password) if len(said.password) <= MAX_PASSWORD else []
        if proved:
            self._failures.drop((address, lookup))
        else:
            self._failed(address, lookup)
        return proved

    async def _proved(self, candidates: list[store.Owner], password: str) -> list[store.Owner]:
        async with self._hashing:
            if self._nobody is None:
                self._nobody = await off_loop(lambda: hash_password("nobody's"))
            hashes = [each.password or "" for each in candidates] or [self._nobody]
            right = await off_loop(lambda: [verify_password(each, password) for each in hashes])
        return [each for each, is_right in zip(candidates, right, strict=False) if is_right]

    def _check(self, address: str, lookup: bytes) -> None:
        known = self._failures.get((address, lookup))
        if known is None or known.count < MAX_FAILURES:
            return
        left = known.since + FORGIVEN_AFTER - elapsed_seconds()
        if left > 0:
            raise TooManyRequests("Too many attempts; come back later.", retry_after=left)
        self._failures.drop((address, lookup))

    def _failed(self, address: str, lookup: bytes) -> None:
        known = self._failures.get((address, lookup)) or _Failures(0, elapsed_seconds())
        self._failures.put((address, lookup), _Failures(known.count + 1, known.since))
