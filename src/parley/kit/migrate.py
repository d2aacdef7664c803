"""Migrations: numbered SQL files applied in order, each in its own transaction, under one advisory lock.

Any earlier schema comes to this version in one hop. A file once applied may not change: its hash is kept.
"""

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

import asyncpg

from parley.core.errors import ParleyError
from parley.kit.database import APP_ROLE

LOCK_KEY = 0x7061726C6579
"""`parley` in ASCII: every migrating process waits for the same lock."""
LOCK_SECONDS = 60
"""A migration waits this long for a table lock, then gives up rather than queueing all traffic behind it."""

_JOURNAL = """
create table if not exists schema_migration (
    number integer primary key, name text not null, sha256 text not null, applied_at timestamptz not null default now()
)"""
_ROLE = f"""
do $$ begin
    if not exists (select from pg_roles where rolname = '{APP_ROLE}') then create role {APP_ROLE} login; end if;
exception when duplicate_object or unique_violation then null;
end $$"""


class MigrationFailed(ParleyError):
    code = "migration_failed"


@dataclass(frozen=True, slots=True)
class Migration:
    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations_of(database: str) -> list[Migration]:
    """The files of one database (`content` or `vault`), in order."""
    folder = files("parley.migrations").joinpath(database)
    return sorted((_read(file) for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda m: m.number)


def _read(file: Traversable) -> Migration:
    number, _, name = file.name.removesuffix(".sql").partition("_")
    return Migration(int(number), name, file.read_text(encoding="utf-8"))


async def migrate(connection: "asyncpg.Connection[asyncpg.Record]", database: str) -> list[str]:
    """Apply what is missing; the names applied. `connection` is the owner's. Raises MigrationFailed."""
    await connection.execute("select pg_advisory_lock($1)", LOCK_KEY, timeout=None)
    try:
        await connection.execute(_ROLE)
        await connection.execute(f"grant {APP_ROLE} to current_user")
        await connection.execute(_JOURNAL)
        await connection.execute(f"grant select on schema_migration to {APP_ROLE}")
        applied = {row["number"]: row["sha256"] for row in await connection.fetch("select * from schema_migration")}
        _check_history(migrations_of(database), applied)
        missing = [each for each in migrations_of(database) if each.number not in applied]
        for each in missing:
            await _apply(connection, each)
        return [f"{each.number:04d}_{each.name}" for each in missing]
    finally:
        await connection.execute("select pg_advisory_unlock($1)", LOCK_KEY)


def _check_history(known: list[Migration], applied: dict[int, str]) -> None:
    newest = known[-1].number
    if applied and max(applied) > newest:
        raise MigrationFailed(
            f"The database is at schema {max(applied)}, newer than this Parley knows ({newest}); "
            "install that newer version, or restore the backup made before it."
        )
    for each in known:
        if each.number in applied and applied[each.number] != each.sha256:
            raise MigrationFailed(
                f"Migration {each.number:04d}_{each.name} was changed after it had been applied; "
                "put the original file back and write the change as a new migration."
            )


async def _apply(connection: "asyncpg.Connection[asyncpg.Record]", migration: Migration) -> None:
    try:
        async with connection.transaction():
            await connection.execute(f"set local lock_timeout = '{LOCK_SECONDS}s'")
            await connection.execute(migration.sql, timeout=None)
            await connection.execute(
                "insert into schema_migration (number, name, sha256) values ($1, $2, $3)",
                migration.number,
                migration.name,
                migration.sha256,
            )
    except asyncpg.PostgresError as error:
        raise MigrationFailed(
            f"Migration {migration.number:04d}_{migration.name} failed and was undone: {error.args[0]}."
        ) from error


async def is_current(connection: "asyncpg.Connection[asyncpg.Record]", database: str) -> bool:
    """Whether the schema is this version's."""
    try:
        applied = {row["number"] for row in await connection.fetch("select number from schema_migration")}
    except asyncpg.UndefinedTableError:
        return False
    return applied == {each.number for each in migrations_of(database)}
