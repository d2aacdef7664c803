"""Recognise who wrote: from memory in the common case, from the vault and the contact table otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from parley.core.ids import ContactId, WorkspaceId
from parley.core.time import now
from parley.kit.cache import Bounded
from parley.kit.crypto import Key, blind_index
from parley.kit.unit import Unit
from parley.modules.contacts.domain import Identity, IdentityKind, Profile, Sighting, key_form, recognisable, updated
from parley.modules.contacts.editing import changes
from parley.modules.contacts.events import ContactCreated, ContactUpdated
from parley.modules.contacts.service.index import Changed, index
from parley.modules.contacts.store import contacts as store
from parley.modules.privacy import Lookup, People, Stranger

REMEMBERED = 200_000
"""Sightings kept in memory, about 600 bytes each."""
SEEN_TOGETHER: tuple[IdentityKind, ...] = ("group", "phone", "user_id", "username")
"""In the order in which a sighting has them."""

_Names = tuple[WorkspaceId, tuple[Identity, ...]]


@dataclass(frozen=True, slots=True)
class Known:
    """A contact and the key that seals what is theirs. `others` must be merged into it."""

    contact: ContactId
    key: Key
    others: tuple[ContactId, ...] = ()


class Directory:
    """Recognises people and remembers whom it met."""

    def __init__(self, people: People) -> None:
        self.people = people
        self._met: Bounded[_Names, tuple[Known, str | None]] = Bounded(REMEMBERED)
        """Who is behind identities seen together, and the name they showed last."""

    async def recognise(self, unit: Unit, sightings: Sequence[Sighting]) -> dict[Sighting, Known]:
        """Who each is. Contacts never seen are made; a new name or identity is kept and recorded as a fact."""
        known: dict[Sighting, Known] = {}
        strangers: list[Sighting] = []
        for sighting in sightings:
            met = self._met.get((sighting.workspace, sighting.identities))
            if met is not None and sighting.name in (None, met[1]):
                known[sighting] = met[0]
            elif sighting not in strangers:
                strangers.append(sighting)
        if strangers:
            known.update(await self._meet(unit, strangers))
        return known

    def forget(self) -> None:
        """Drop what is remembered: contacts were merged or erased."""
        self._met.clear()

    async def expect(self, rows: Sequence[store.Row]) -> None:
        """Remember people as they would be met: by all their newest identities."""
        keys = await self.people.keys_of([(row.workspace, row.id) for row in rows])
        for row in rows:
            key = keys.get(row.id)
            if key is None:
                continue
            profile = store.PROFILE.unseal(key, row.workspace, row.id, row.profile)
            found = [(kind, profile.identity(kind)) for kind in SEEN_TOGETHER]
            names = (row.workspace, tuple(Identity(kind, value) for kind, value in found if value is not None))
            if names not in self._met:
                self._met.put(names, (Known(row.id, key), profile.name))

    async def lookup(self, workspace: WorkspaceId, identity: Identity) -> Lookup:
        """How an identity is looked up in the vault."""
        own = await self.people.scopes.scope(workspace)
        return Lookup(identity.kind, blind_index(own.index, identity.kind, key_form(identity)))

    async def _meet(self, unit: Unit, strangers: Sequence[Sighting]) -> dict[Sighting, Known]:
        asked = [Stranger(each.workspace, await self._lookups(each)) for each in strangers]
        recognised = await self.people.recognise(asked)
        met = {each: Known(who.contact, who.key, who.others) for each, who in zip(strangers, recognised, strict=True)}
        await self._keep(unit, met, {who.contact for who in recognised if who.new})
        unit.then(lambda: self._remember(met))
        return met

    async def _remember(self, met: dict[Sighting, Known]) -> None:
        for sighting, who in met.items():
            if not who.others:
                self._met.put((sighting.workspace, sighting.identities), (who, sighting.name))

    async def _lookups(self, sighting: Sighting) -> tuple[Lookup, ...]:
        return tuple([await self.lookup(sighting.workspace, each) for each in recognisable(sighting.identities)])

    async def _keep(self, unit: Unit, met: dict[Sighting, Known], new: set[ContactId]) -> None:
        """Insert the contacts that have no row yet; bring the others' profiles up to date where they differ.

        Somebody whom the vault knew may have no row: the unit that would have made it failed.
        """
        asked = sorted({(each.workspace, who.contact) for each, who in met.items() if who.contact not in new})
        kept = await store.profiles(unit, asked) if asked else {}
        missing = {each: who for each, who in met.items() if who.contact not in kept}
        made = await self._make(unit, missing) if missing else set()
        again = [(each, who) for each, who in met.items() if each not in made and not _says(kept, each, who)]
        if again:
            await self._update(unit, again)

    async def _make(self, unit: Unit, met: dict[Sighting, Known]) -> set[Sighting]:
        """Insert contacts; the sightings by which they were made."""
        first = {(each.workspace, who.contact): (each, who) for each, who in reversed(met.items())}
        rows = [
            store.NewContact(each.workspace, who.contact, _kind(each), _seal(each, who))
            for each, who in sorted(first.values(), key=lambda pair: pair[1].contact)
        ]
        made = await store.add(unit, rows)
        profiles = {who.contact: _first_profile(each) for each, who in first.values()}
        new = [Changed(row.workspace, row.id, None, profiles[row.id]) for row in rows if row.id in made]
        await index(unit, self.people.scopes, new, {})
        for row in rows:
            if row.id in made:
                unit.record(ContactCreated(workspace=row.workspace, at=now(), contact=row.id))
        return {each for each, who in first.values() if who.contact in made}

    async def _update(self, unit: Unit, sightings: Sequence[tuple[Sighting, Known]]) -> None:
        rows = await store.lock(unit, sorted({(each.workspace, who.contact) for each, who in sightings}))
        changed: list[Changed] = []
        keys = {who.contact: who.key for _, who in sightings}
        for row in rows:
            key = keys[row.id]
            profile = store.PROFILE.unseal(key, row.workspace, row.id, row.profile)
            fresh = profile
            for sighting, who in sightings:
                if who.contact == row.id:
                    fresh = updated(fresh, sighting.name, sighting.identities)
            if fresh != profile:
                changed.append(Changed(row.workspace, row.id, profile, fresh))
        if changed:
            await store.save_profiles(unit, [_saved(each, keys[each.contact]) for each in changed])
            await index(unit, self.people.scopes, changed, {})
        for each in changed:
            detail = changes(each.before or Profile(), each.after)
            unit.record(ContactUpdated(workspace=each.workspace, at=now(), contact=each.contact, detail=detail))


def _says(kept: dict[UUID, bytes], sighting: Sighting, who: Known) -> bool:
    """Whether the stored profile says all that was seen."""
    sealed = kept.get(who.contact)
    if sealed is None:
        return False
    profile = store.PROFILE.unseal(who.key, sighting.workspace, who.contact, sealed)
    return updated(profile, sighting.name, sighting.identities) == profile


def _kind(sighting: Sighting) -> str:
    return "group" if any(each.kind == "group" for each in sighting.identities) else "person"


def _first_profile(sighting: Sighting) -> Profile:
    return updated(Profile(), sighting.name, sighting.identities)


def _seal(sighting: Sighting, who: Known) -> bytes:
    return store.PROFILE.seal(who.key, sighting.workspace, who.contact, _first_profile(sighting))


def _saved(changed: Changed, key: Key) -> tuple[WorkspaceId, ContactId, bytes]:
    sealed = store.PROFILE.seal(key, changed.workspace, changed.contact, changed.after)
    return changed.workspace, changed.contact, sealed
