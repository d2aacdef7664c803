"""The workspace's tags: find, make, rename, delete."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.core.errors import Conflict, InvalidInput, NotFound, fault
from parley.core.ids import TagId, WorkspaceId, new_uuid, parse_public
from parley.core.text import fold
from parley.kit.crypto import blind_index
from parley.kit.keys import KeyService, ScopeKeys
from parley.kit.unit import Unit
from parley.modules.contacts.editing import MAX_TAG
from parley.modules.contacts.store import tags as store

MAX_TAGS = 1_000
"""Tags of a workspace; what needs more is a field."""

_NO_SUCH_TAG = "There is no such tag in this workspace."


@dataclass(frozen=True, slots=True)
class Tag:
    """A word of the workspace's that contacts are gathered under."""

    id: TagId
    name: str
    created_at: datetime


async def tags_of(
    unit: Unit, keys: KeyService, named: Iterable[tuple[WorkspaceId, str]]
) -> Mapping[WorkspaceId, Mapping[str, TagId]]:
    """The tag of each word (a name, or a public id), by workspace; a name nobody used yet becomes a tag.

    Missing are ids of no tag here. Raises InvalidInput for a name that can be none, and when there are too many.
    """
    by_id: list[tuple[WorkspaceId, UUID]] = []
    by_name: list[tuple[WorkspaceId, str]] = []
    for workspace, word in dict.fromkeys(named):
        tag = parse_public("tag", word)
        if tag is None:
            by_name.append((workspace, word))
        else:
            by_id.append((workspace, tag))
    found: dict[WorkspaceId, dict[str, TagId]] = {}
    for row in await store.by_id(unit, by_id) if by_id else ():
        found.setdefault(row.workspace, {})[f"tag_{row.id.hex}"] = row.id
    if by_name:
        lookups = {(w, word): _lookup(await keys.scope(w), word) for w, word in by_name}
        rows = {(row.workspace, row.lookup): row.id for row in await _known_or_made(unit, keys, lookups)}
        for (workspace, word), lookup in lookups.items():
            found.setdefault(workspace, {})[word] = rows[workspace, lookup]
    return found


async def _known_or_made(
    unit: Unit, keys: KeyService, lookups: Mapping[tuple[WorkspaceId, str], bytes]
) -> list[store.Row]:
    wanted = sorted({(workspace, lookup) for (workspace, _), lookup in lookups.items()})
    rows = await store.by_lookup(unit, wanted)
    known = {(row.workspace, row.lookup) for row in rows}
    missing = {(w, lookup): word for (w, word), lookup in lookups.items() if (w, lookup) not in known}
    if not missing:
        return rows
    made = [_new(await keys.scope(w), word, lookup) for (w, lookup), word in missing.items()]
    await store.add(unit, made)
    await _check_room(unit, sorted({each.workspace for each in made}))
    return await store.by_lookup(unit, wanted)


async def create_tag(unit: Unit, keys: KeyService, name: str) -> tuple[Tag, bool]:
    """The tag of this name, and whether it was made now. Raises InvalidInput."""
    own = await keys.scope(unit.workspace)
    workspace = WorkspaceId(unit.workspace)
    before = await store.by_lookup(unit, [(workspace, _lookup(own, name))])
    tag = (await tags_of(unit, keys, [(workspace, name)]))[workspace][name]
    return await get_tag(unit, keys, tag), not before


async def get_tag(unit: Unit, keys: KeyService, tag: UUID) -> Tag:
    """Raises NotFound."""
    rows = await store.by_id(unit, [(WorkspaceId(unit.workspace), tag)])
    if not rows:
        raise NotFound(_NO_SUCH_TAG)
    return _open(await keys.scope(unit.workspace), rows[0])


async def list_tags(unit: Unit, keys: KeyService, after: UUID | None, limit: int) -> list[Tag]:
    """A page, newest first."""
    own = await keys.scope(unit.workspace)
    return [_open(own, row) for row in await store.page(unit, after, limit)]


async def rename_tag(unit: Unit, keys: KeyService, tag: UUID, name: str) -> Tag:
    """Whoever has it keeps it. Raises NotFound, InvalidInput, Conflict when another has this name."""
    known = await get_tag(unit, keys, tag)
    own = await keys.scope(unit.workspace)
    workspace, lookup = WorkspaceId(unit.workspace), _lookup(own, name)
    if any(row.id != tag for row in await store.by_lookup(unit, [(workspace, lookup)])):
        raise Conflict("Another tag has this name.", code="name_taken")
    await store.rename(unit, known.id, store.NAME.seal(own.data, workspace, known.id, name.strip()), lookup)
    return await get_tag(unit, keys, tag)


async def delete_tag(unit: Unit, tag: UUID) -> None:
    """Nobody has it any more. Raises NotFound."""
    if not await store.delete(unit, tag):
        raise NotFound(_NO_SUCH_TAG)


async def names_of_tags(unit: Unit, keys: KeyService, tags: Sequence[tuple[WorkspaceId, TagId]]) -> dict[UUID, str]:
    """The names of those of these tags that there still are."""
    rows = await store.by_id(unit, sorted(set(tags))) if tags else []
    return {row.id: _open(await keys.scope(row.workspace), row).name for row in rows}


def _lookup(own: ScopeKeys, name: str) -> bytes:
    """How a name is looked up: whatever its case and punctuation. Raises InvalidInput."""
    plain = name.strip()
    if not 0 < len(plain) <= MAX_TAG:
        sentence = f"A tag's name has 1 to {MAX_TAG} characters."
        raise InvalidInput("The tag can't be called like this.", [fault("/tags", "length", sentence)])
    return blind_index(own.index, "tag", fold(plain) or plain)


def _new(own: ScopeKeys, name: str, lookup: bytes) -> store.NewTag:
    tag, workspace = TagId(new_uuid()), WorkspaceId(own.scope)
    return store.NewTag(workspace, tag, lookup, store.NAME.seal(own.data, workspace, tag, name.strip()))


def _open(own: ScopeKeys, row: store.Row) -> Tag:
    return Tag(row.id, store.NAME.unseal(own.data, row.workspace, row.id, row.name), row.created_at)


async def _check_room(unit: Unit, workspaces: Sequence[WorkspaceId]) -> None:
    if max((await store.counts(unit, workspaces)).values(), default=0) > MAX_TAGS:
        raise InvalidInput(
            "The workspace has too many tags.",
            [fault("/tags", "too_many", f"A workspace has {MAX_TAGS} tags at most.")],
        )
