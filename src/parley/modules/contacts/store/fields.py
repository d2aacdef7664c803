"""SQL of field definitions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parley.core.ids import FieldId, WorkspaceId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit
from parley.modules.contacts.fields import FieldAbout, FieldKind

ABOUT = SealedColumn("contact_field", "about", FieldAbout)

_COLUMNS = "workspace_id, id, key, kind, about, personal, searchable, created_at, updated_at"
_ADD = """
insert into contact_field (workspace_id, id, key, kind, about, personal, searchable)
values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning id"""
_SAVE = """
update contact_field set about = $3, personal = $4, searchable = $5, updated_at = now()
where workspace_id = $1 and id = $2"""
_DELETE = "delete from contact_field where workspace_id = $1 and id = $2"
_OF = f"select {_COLUMNS} from contact_field where workspace_id = any($1::uuid[]) order by workspace_id, key"
_ONE = f"select {_COLUMNS} from contact_field where workspace_id = $1 and key = $2"
_COUNT = "select count(*) from contact_field where workspace_id = $1"


@dataclass(frozen=True, slots=True)
class Row:
    """A definition as stored, its words still sealed."""

    workspace: WorkspaceId
    id: FieldId
    key: str
    kind: FieldKind
    about: bytes
    personal: bool
    searchable: bool
    created_at: datetime
    updated_at: datetime


async def add(unit: Unit, row: Row) -> bool:
    """Whether the key was free."""
    columns = (row.id, row.key, row.kind, row.about, row.personal, row.searchable)
    return await sql.fetch_one(unit, _ADD, *columns) is not None


async def save(unit: Unit, row: Row) -> None:
    await sql.execute(unit, _SAVE, row.id, row.about, row.personal, row.searchable)


async def delete(unit: Unit, field: FieldId) -> None:
    await sql.execute(unit, _DELETE, field)


async def of_workspaces(unit: Unit, workspaces: Sequence[WorkspaceId]) -> list[Row]:
    """All definitions of these workspaces, by key."""
    return [Row(*row) for row in await sql.fetch_many(unit, _OF, sorted(set(workspaces)))]


async def one(unit: Unit, key: str) -> Row | None:
    row = await sql.fetch_one(unit, _ONE, key)
    return Row(*row) if row else None


async def count(unit: Unit) -> int:
    row = await sql.fetch_one(unit, _COUNT)
    return int(row[0]) if row else 0
