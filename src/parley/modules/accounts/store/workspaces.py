"""SQL of workspaces and people."""

from dataclasses import dataclass
from uuid import UUID

from parley.core.ids import UserId
from parley.kit import sql
from parley.kit.crypto import SealedColumn
from parley.kit.unit import Unit

WORKSPACE_NAME = SealedColumn("workspace", "name", str)
PERSON_EMAIL = SealedColumn("person", "email", str)

_ADD_WORKSPACE = "insert into workspace (id, name) values ($1, $2)"
_ADD_PERSON = """
insert into person (workspace_id, id, email, email_lookup, password, role) values ($1, $2, $3, $4, $5, $6)"""
_WORKSPACES = "select id from workspace order by id"


@dataclass(frozen=True, slots=True)
class NewPerson:
    id: UserId
    email: bytes
    email_lookup: bytes
    password: str | None
    role: str


async def add_workspace(unit: Unit, name: bytes) -> None:
    await sql.execute(unit, _ADD_WORKSPACE, name)


async def add_person(unit: Unit, person: NewPerson) -> None:
    await sql.execute(unit, _ADD_PERSON, person.id, person.email, person.email_lookup, person.password, person.role)


async def workspace_ids(unit: Unit) -> list[UUID]:
    """Every workspace; needs the lane `route`."""
    return [row["id"] for row in await sql.fetch_many(unit, _WORKSPACES)]
