"""Read what is known of files."""

from collections.abc import Sequence
from uuid import UUID

from parley.core.errors import NotFound
from parley.core.ids import MessageId, WorkspaceId
from parley.kit.crypto import Key, blind_index, key_id_of
from parley.kit.unit import Unit
from parley.modules.media import store
from parley.modules.media.domain import PROVIDER_REF, About, Media
from parley.modules.privacy import People

NO_SUCH_FILE = "There is no such file in this workspace, or its term has passed."


async def get_media(unit: Unit, people: People, media: UUID) -> Media:
    """One file. Raises NotFound."""
    row = await store.one(unit, media)
    if row is None:
        raise NotFound(NO_SUCH_FILE)
    return (await opened(people, [row]))[0]


async def find_by_provider_id(unit: Unit, people: People, provider_id: str) -> Media | None:
    """The file that came in under this id of its provider."""
    own = await people.scopes.scope(unit.workspace)
    row = await store.by_ref(unit, blind_index(own.index, PROVIDER_REF, provider_id))
    return (await opened(people, [row]))[0] if row else None


async def list_media(unit: Unit, people: People, after: UUID | None, limit: int) -> list[Media]:
    """A page of a workspace's files, newest first."""
    return await opened(people, await store.page(unit, after, limit))


async def media_by_id(
    unit: Unit, people: People, files: Sequence[tuple[WorkspaceId, UUID]]
) -> dict[tuple[WorkspaceId, UUID], Media]:
    """Those of these files that there are, of any of the unit's workspaces."""
    return {(each.workspace, each.id): each for each in await opened(people, await store.many(unit, files))}


async def media_of_messages(unit: Unit, people: People, messages: Sequence[MessageId]) -> dict[MessageId, Media]:
    """The files that came with these messages of the unit's workspace."""
    found = await opened(people, await store.of_messages(unit, messages)) if messages else []
    return {each.message: each for each in found if each.message is not None}


async def opened(people: People, rows: Sequence[store.Row]) -> list[Media]:
    """Rows with what is known of them opened; of an erased person's file nothing is."""
    keys = await keys_of(people, rows)
    return [media_of(row, keys.get(key_id_of(row.about))) for row in rows]


async def keys_of(people: People, rows: Sequence[store.Row]) -> dict[UUID, Key]:
    """The keys that rows and files are under, by key id: a person's, or the workspace's own."""
    keys: dict[UUID, Key] = {}
    persons: set[tuple[WorkspaceId, UUID]] = set()
    for workspace, key_id in {(row.workspace, key_id_of(row.about)) for row in rows}:
        if key_id == workspace:
            keys[key_id] = (await people.scopes.scope(workspace)).data
        else:
            persons.add((workspace, key_id))
    if persons:
        keys.update(await people.keys_of(sorted(persons)))
    return keys


async def key_of(people: People, row: store.Row) -> Key | None:
    """The key that one row and its file are under; None when its person was erased."""
    return (await keys_of(people, [row])).get(key_id_of(row.about))


def media_of(row: store.Row, key: Key | None) -> Media:
    return Media(
        id=row.id,
        workspace=row.workspace,
        contact=row.contact,
        message=row.message,
        channel=row.channel,
        state=row.state,
        kind=row.kind,
        size=row.size,
        about=store.ABOUT.unseal(key, row.workspace, row.id, row.about) if key else About(),
        problem=row.problem,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )
