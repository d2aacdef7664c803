"""The key service: master → epoch → scope keys (the installation's and each workspace's), kept wrapped in the vault.

Purposes of a scope: `data` seals what belongs to the scope itself, `subjects` wraps the keys of its people, `index` is
the secret of its blind indexes.
"""

from dataclasses import dataclass
from uuid import UUID

from parley.core.errors import ParleyError
from parley.kit.crypto import CannotUnseal, Key, new_secret, seal, unseal
from parley.kit.database import Connection, Database

INSTALLATION = UUID(int=0)
"""The scope of what belongs to no workspace."""

_PURPOSES = ("data", "subjects", "index")
_EPOCHS = "select epoch, wrapped from epoch_key"
_BIND = "select set_config('app.workspaces', $1, true)"
_SCOPE = "select purpose, epoch, wrapped from scope_key where workspace_id = $1"
_ADD_SCOPE = """
insert into scope_key (workspace_id, purpose, epoch, wrapped)
select $1, p, $3, w from unnest($2::text[], $4::bytea[]) as x (p, w) on conflict do nothing"""


class KeysUnavailable(ParleyError):
    code = "keys_unavailable"


@dataclass(frozen=True, slots=True)
class ScopeKeys:
    """The keys of one workspace, or of the installation."""

    scope: UUID
    epoch: int
    data: Key
    subjects: Key
    index: bytes


class KeyService:
    """Unwraps keys and keeps them in memory, never anywhere else."""

    def __init__(self, master: Key, vault: Database) -> None:
        self.vault = vault
        self._master = master
        self._epochs: dict[int, Key] = {}
        self._scopes: dict[UUID, ScopeKeys] = {}

    async def installation(self) -> ScopeKeys:
        return await self.scope(INSTALLATION)

    def held(self, scope: UUID) -> ScopeKeys:
        """The keys of a scope that `scope()` loaded before; spares the hot path a coroutine."""
        return self._scopes[scope]

    async def scope(self, scope: UUID) -> ScopeKeys:
        """The keys of a scope. Raises KeysUnavailable when there are none or the master key is another."""
        known = self._scopes.get(scope)
        if known is not None:
            return known
        connection = await self.vault.acquire()
        try:
            async with connection.transaction():
                await connection.execute(_BIND, str(scope))
                await self._load_epochs(connection)
                rows = await connection.fetch(_SCOPE, scope)
        finally:
            await self.vault.release(connection)
        if len(rows) != len(_PURPOSES):
            raise KeysUnavailable(f"There are no keys of workspace {scope} in the vault.")
        found = {row["purpose"]: self._open(scope, row["purpose"], row["epoch"], row["wrapped"]) for row in rows}
        keys = ScopeKeys(
            scope, rows[0]["epoch"], Key.of(scope, found["data"]), Key.of(scope, found["subjects"]), found["index"]
        )
        self._scopes[scope] = keys
        return keys

    async def create_scope(self, scope: UUID) -> None:
        """Make the keys of a new scope, in the vault, committed before anything is sealed with them."""
        connection = await self.vault.acquire()
        try:
            async with connection.transaction():
                await connection.execute(_BIND, str(scope))
                epoch, wrapping = await self._current_epoch(connection)
                wrapped = [seal(wrapping, new_secret(), _context(scope, purpose)) for purpose in _PURPOSES]
                await connection.execute(_ADD_SCOPE, scope, list(_PURPOSES), epoch, wrapped)
        finally:
            await self.vault.release(connection)

    async def _current_epoch(self, connection: Connection) -> tuple[int, Key]:
        await self._load_epochs(connection)
        epoch = max(self._epochs)
        return epoch, self._epochs[epoch]

    async def _load_epochs(self, connection: Connection) -> None:
        for row in await connection.fetch(_EPOCHS):
            if row["epoch"] not in self._epochs:
                self._epochs[row["epoch"]] = unwrap_epoch(self._master, row["epoch"], row["wrapped"])

    def _open(self, scope: UUID, purpose: str, epoch: int, wrapped: bytes) -> bytes:
        return unseal(self._epochs[epoch], wrapped, _context(scope, purpose))


def unwrap_epoch(master: Key, epoch: int, wrapped: bytes) -> Key:
    """An epoch's key. Raises KeysUnavailable when the master key is not the one it was wrapped with."""
    try:
        return Key.of(UUID(int=epoch), unseal(master, wrapped, b"epoch|%d" % epoch))
    except CannotUnseal:
        raise KeysUnavailable(
            "The master key file is not the one this database was made with; put the right file back."
        ) from None


def wrap_epoch(master: Key, epoch: int) -> bytes:
    """A new epoch key, wrapped."""
    return seal(master, new_secret(), b"epoch|%d" % epoch)


def _context(scope: UUID, purpose: str) -> bytes:
    return b"key|" + scope.bytes + purpose.encode()
