"""The workspace's tags: find, make, rename, delete."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parley.core.errors import Conflict, InvalidInput, NotFound, fault
from parley.core.ids import TagId, WorkspaceId, new_uuid, parse_public, public
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


Words = Mapping[WorkspaceId, Mapping[str, TagId]]
"""The tag that each word means, by workspace."""


async def find_tags(unit: Unit, keys: KeyService, named: Iterable[tuple[WorkspaceId, str]]) -> Words:
    """The tag of each word, a name or a public id; a word of no tag here is missing. Raises InvalidInput."""
    found: dict[WorkspaceId, dict[str, TagId]] = {}
    lookups: dict[tuple[WorkspaceId, bytes], list[str]] = {}
    by_id: list[tuple[WorkspaceId, UUID]] = []
    for workspace, word in dict.fromkeys(named):
        tag = parse_public("tag", word)
        if tag is None:
            lookups.setdefault((workspace, _lookup(await keys.scope(workspace), word)), []).append(word)
        else:
            by_id.append((workspace, tag))
    for row in await store.by_id(unit, by_id) if by_id else ():
        found.setdefault(row.workspace, {})[public("tag", row.id)] = row.id
    for row in await store.by_lookup(unit, list(lookups)) if lookups else ():
        words = dict.fromkeys(lookups[row.workspace, row.lookup], row.id)
        found.setdefault(row.workspace, {}).update(words)
    return found


async def tags_of(unit: Unit, keys: KeyService, named: Iterable[tuple[WorkspaceId, str]]) -> Words:
    """The same, but a name that nobody used yet becomes a tag. Raises InvalidInput, also for too many tags."""
    asked = list(dict.fromkeys(named))
    found = await find_tags(unit, keys, asked)
    missing = [
        (workspace, word)
        for workspace, word in asked
        if word not in found.get(workspace, {}) and parse_public("tag", word) is None
    ]
    if not missing:
        return found
    await store.add(unit, [_new(await keys.scope(workspace), word) for workspace, word in missing])
    await _check_room(unit, sorted({workspace for workspace, _ in missing}))
    return await find_tags(unit, keys, asked)


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


def _new(own: ScopeKeys, name: str) -> store.NewTag:
    tag, workspace = TagId(new_uuid()), WorkspaceId(own.scope)
    return store.NewTag(workspace, tag, _lookup(own, name), store.NAME.seal(own.data, workspace, tag, name.strip()))


def _open(own: ScopeKeys, row: store.Row) -> Tag:
    return Tag(row.id, store.NAME.unseal(own.data, row.workspace, row.id, row.name), row.created_at)


async def _check_room(unit: Unit, workspaces: Sequence[WorkspaceId]) -> None:
    if max((await store.counts(unit, workspaces)).values(), default=0) > MAX_TAGS:
        raise InvalidInput(
            "The workspace has too many tags.",
            [fault("/tags", "too_many", f"A workspace has {MAX_TAGS} tags at most.")],
        )
