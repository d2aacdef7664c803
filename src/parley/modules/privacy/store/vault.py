"""SQL of the vault: whose identity is whose, and the wrapped key of each person. On the vault's own connection."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from parley.core.ids import ContactId, WorkspaceId
from parley.kit.database import Connection

_FIND = """
select x.workspace_id, x.lookup, i.contact_id, k.wrapped
from unnest($1::uuid[], $2::bytea[]) as x (workspace_id, lookup)
join lateral (
    select contact_id from identity where workspace_id = x.workspace_id and lookup = x.lookup limit 1
) i on true
join lateral (
    select wrapped from subject_key where workspace_id = x.workspace_id and key_id = i.contact_id limit 1
) k on true"""
_OWNERS = """
select workspace_id, lookup, contact_id from identity
where (workspace_id, lookup::bytea) in (select * from unnest($1::uuid[], $2::bytea[]))"""
_ADD = """
with keys as (
    insert into subject_key (workspace_id, key_id, contact_id, epoch, wrapped)
    select w, c, c, e, k from unnest($5::uuid[], $6::uuid[], $7::int[], $8::bytea[]) as x (w, c, e, k)
)
insert into identity (workspace_id, lookup, contact_id, kind)
select * from unnest($1::uuid[], $2::bytea[], $3::uuid[], $4::text[]) order by 1, 2
on conflict do nothing returning true"""
_KEYS = """
select x.workspace_id, x.key_id, k.wrapped
from unnest($1::uuid[], $2::uuid[]) as x (workspace_id, key_id)
join lateral (
    select wrapped from subject_key where workspace_id = x.workspace_id and key_id = x.key_id limit 1
) k on true"""
_MERGE = """
with keys as (update subject_key set contact_id = $3 where workspace_id = $1 and contact_id = $2)
update identity set contact_id = $3 where workspace_id = $1 and contact_id = $2"""

_UNLINK = "delete from identity where workspace_id = $1 and lookup = $2"


@dataclass(frozen=True, slots=True)
class Link:
    """An identity (by its blind index) that belongs to a contact."""

    workspace: WorkspaceId
    lookup: bytes
    contact: ContactId
    kind: str


@dataclass(frozen=True, slots=True)
class Found:
    contact: ContactId
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class NewSubject:
    workspace: WorkspaceId
    contact: ContactId
    epoch: int
    wrapped: bytes


async def find(connection: Connection, lookups: Sequence[tuple[WorkspaceId, bytes]]) -> dict[tuple[UUID, bytes], Found]:
    """The contact and wrapped key behind each known identity, by (workspace, blind index)."""
    rows = await connection.fetch(_FIND, [w for w, _ in lookups], [i for _, i in lookups])
    return {(row["workspace_id"], row["lookup"]): Found(row["contact_id"], row["wrapped"]) for row in rows}


async def owners(connection: Connection, lookups: Sequence[tuple[WorkspaceId, bytes]]) -> dict[bytes, ContactId]:
    """Whose each known identity is; blind indexes of different workspaces never meet."""
    rows = await connection.fetch(_OWNERS, [w for w, _ in lookups], [i for _, i in lookups])
    return {row["lookup"]: row["contact_id"] for row in rows}


async def add(connection: Connection, subjects: Sequence[NewSubject], links: Sequence[Link]) -> int:
    """Add people's keys, and identities; how many identities were won. Others were linked by another just before."""
    rows = await connection.fetch(
        _ADD,
        [each.workspace for each in links],
        [each.lookup for each in links],
        [each.contact for each in links],
        [each.kind for each in links],
        [each.workspace for each in subjects],
        [each.contact for each in subjects],
        [each.epoch for each in subjects],
        [each.wrapped for each in subjects],
    )
    return len(rows)


async def wrapped_keys(
    connection: Connection, wanted: Sequence[tuple[WorkspaceId, UUID]]
) -> dict[tuple[UUID, UUID], bytes]:
    """The wrapped keys by (workspace, key id); an erased person's is not there."""
    rows = await connection.fetch(_KEYS, [w for w, _ in wanted], [k for _, k in wanted])
    return {(row["workspace_id"], row["key_id"]): row["wrapped"] for row in rows}


async def merge(connection: Connection, workspace: WorkspaceId, loser: ContactId, winner: ContactId) -> None:
    """The loser's identities and keys belong to the winner from now on."""
    await connection.execute(_MERGE, workspace, loser, winner)


async def unlink(connection: Connection, workspace: WorkspaceId, lookup: bytes) -> None:
    await connection.execute(_UNLINK, workspace, lookup)
