"""Recognise people by their identities and hold their keys: one vault round trip for a whole batch of strangers."""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from uuid import UUID

from parley.core.errors import Conflict
from parley.core.ids import ContactId, WorkspaceId, new_uuid
from parley.kit.cache import Bounded
from parley.kit.crypto import Key, new_secret, seal, unseal
from parley.kit.database import Connection
from parley.kit.keys import KeyService, ScopeKeys
from parley.kit.unit import bound
from parley.modules.privacy.store import vault

REMEMBERED_KEYS = 200_000
"""Keys kept in memory, about 500 bytes each: 100 MB at most."""
ATTEMPTS = 3
"""Two processes may meet the same stranger at once; the loser looks again."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """An identity as it is looked up: its kind (phone, user_id, username, group) and blind index."""

    kind: str
    index: bytes


@dataclass(frozen=True, slots=True)
class Stranger:
    """Someone to be recognised: all identities seen together, the strongest first."""

    workspace: WorkspaceId
    lookups: tuple[Lookup, ...]


@dataclass(frozen=True, slots=True)
class Recognised:
    """Who it is. `others` are contacts that turn out to be the same person: the caller merges them into `contact`."""

    contact: ContactId
    key: Key
    others: tuple[ContactId, ...] = ()
    new: bool = False
    """Nobody knew them before."""


class People:
    """The people of all workspaces: their identities (in the vault) and keys (in memory while used)."""

    def __init__(self, keys: KeyService) -> None:
        self.scopes = keys
        self._keys: Bounded[UUID, Key] = Bounded(REMEMBERED_KEYS)

    async def recognise(self, strangers: Sequence[Stranger]) -> list[Recognised]:
        """For each, the contact and key; both are made for someone never seen. Committed before it returns."""
        for each in strangers:
            await self.scopes.scope(each.workspace)
        for _ in range(ATTEMPTS):
            found = await self._recognise_once(strangers)
            if found is not None:
                return found
        raise Conflict("The same new person arrived several times at once; try again.")

    async def _recognise_once(self, strangers: Sequence[Stranger]) -> list[Recognised] | None:
        try:
            async with self._vault({each.workspace for each in strangers}) as connection:
                wanted = {(each.workspace, lookup.index) for each in strangers for lookup in each.lookups}
                found = await vault.find(connection, sorted(wanted))
                return await self._complete(connection, strangers, found)
        except _LostRace:
            return None

    async def _complete(
        self, connection: Connection, strangers: Sequence[Stranger], found: dict[tuple[UUID, bytes], vault.Found]
    ) -> list[Recognised]:
        plan = _Plan(found)
        results = [plan.place(each, self.scopes.held(each.workspace)) for each in strangers]
        if plan.links and await vault.add(connection, plan.subjects, plan.links) < len(plan.links):
            raise _LostRace
        new = {each.contact for each in plan.subjects}
        return [
            Recognised(contact, self._open(each.workspace, contact, wrapped), others, contact in new)
            for each, (contact, wrapped, others) in zip(strangers, results, strict=True)
        ]

    async def keys_of(self, wanted: Sequence[tuple[WorkspaceId, UUID]]) -> dict[UUID, Key]:
        """Keys by key id, from memory or the vault; one that was destroyed is missing."""
        held = {key_id: key for _, key_id in wanted if (key := self._keys.get(key_id)) is not None}
        missing = sorted({pair for pair in wanted if pair[1] not in held})
        if missing:
            for workspace, _ in missing:
                await self.scopes.scope(workspace)
            for (owner, key_id), wrapped in (await self._fetch(missing)).items():
                held[key_id] = self._open(WorkspaceId(owner), ContactId(key_id), wrapped)
        return held

    def key_in_memory(self, key_id: UUID) -> Key | None:
        return self._keys.get(key_id)

    def held_key(self, key_id: UUID) -> Key:
        """A key that was used in this unit already, and so is in memory."""
        key = self._keys.get(key_id)
        if key is None:
            raise KeyError(f"the key {key_id} is not in memory")
        return key

    async def owners(self, workspace: WorkspaceId, lookups: Sequence[Lookup]) -> dict[bytes, ContactId]:
        """Whose each of these identities is, by blind index; one of nobody known is missing."""
        async with self._vault([workspace]) as connection:
            return await vault.owners(connection, [(workspace, each.index) for each in lookups])

    async def link(self, workspace: WorkspaceId, contact: ContactId, lookup: Lookup) -> bool:
        """Another identity of a person, committed before it returns. False when it is somebody else's."""
        async with self._vault([workspace]) as connection:
            await vault.add(connection, [], [vault.Link(workspace, lookup.index, contact, lookup.kind)])
            found = await vault.owners(connection, [(workspace, lookup.index)])
            return found.get(lookup.index) == contact

    async def unlink(self, workspace: WorkspaceId, lookup: Lookup) -> None:
        """An identity that is nobody's any more: a number given up may be another person's tomorrow."""
        async with self._vault([workspace]) as connection:
            await vault.unlink(connection, workspace, lookup.index)

    async def merge(self, workspace: WorkspaceId, loser: ContactId, winner: ContactId) -> None:
        """In the vault, the loser's identities and keys become the winner's. Committed before it returns."""
        async with self._vault([workspace]) as connection:
            await vault.merge(connection, workspace, loser, winner)

    def _vault(self, workspaces: Collection[UUID]) -> AbstractAsyncContextManager[Connection]:
        return bound(self.scopes.vault, workspaces)

    async def _fetch(self, missing: Sequence[tuple[WorkspaceId, UUID]]) -> dict[tuple[UUID, UUID], bytes]:
        async with self._vault({workspace for workspace, _ in missing}) as connection:
            return await vault.wrapped_keys(connection, missing)

    def _open(self, workspace: WorkspaceId, contact: ContactId, wrapped: bytes) -> Key:
        known = self._keys.get(contact)
        if known is None:
            known = Key.of(contact, unseal(self.scopes.held(workspace).subjects, wrapped, _context(workspace, contact)))
            self._keys.put(contact, known)
        return known


class _LostRace(Exception):
    """Another process linked one of these identities first; look again."""


class _Plan:
    """What to add to the vault so that every stranger of a batch is known; the same stranger twice is added once."""

    def __init__(self, found: dict[tuple[UUID, bytes], vault.Found]) -> None:
        self.known = dict(found)
        self.links: list[vault.Link] = []
        self.subjects: list[vault.NewSubject] = []

    def place(self, who: Stranger, own: ScopeKeys) -> tuple[ContactId, bytes, tuple[ContactId, ...]]:
        """The contact, its wrapped key, and other contacts who are the same person."""
        matches = [self.known[at] for lookup in who.lookups if (at := (who.workspace, lookup.index)) in self.known]
        owner = min(matches, key=lambda match: match.contact) if matches else self._add(who.workspace, own)
        for lookup in who.lookups:
            if (who.workspace, lookup.index) not in self.known:
                self.known[who.workspace, lookup.index] = owner
                self.links.append(vault.Link(who.workspace, lookup.index, owner.contact, lookup.kind))
        others = {match.contact for match in matches} - {owner.contact}
        return owner.contact, owner.wrapped, tuple(sorted(others))

    def _add(self, workspace: WorkspaceId, own: ScopeKeys) -> vault.Found:
        contact = ContactId(new_uuid())
        wrapped = seal(own.subjects, new_secret(), _context(workspace, contact))
        self.subjects.append(vault.NewSubject(workspace, contact, own.epoch, wrapped))
        return vault.Found(contact, wrapped)


def _context(workspace: UUID, contact: UUID) -> bytes:
    return b"subject|" + workspace.bytes + contact.bytes
