"""By SQL, in the application's role: a workspace sees and changes its own rows only, in every table there is."""

import asyncpg
import pytest

from parley.kit.database import APP_ROLE
from parley.modules.flows import demo
from tests.fakes.meta import text
from tests.fakes.stack import Shop, Stack

pytestmark = pytest.mark.store

ADA = "+15550001111"
OF_NO_WORKSPACE = {"flow_tally", "delivery", "planned_delivery", "rate_debt", "process", "schema_migration"}
"""Raw deliveries are sealed and of no workspace yet; processes and migrations are the installation's."""
DOMAINS = {
    "sealed", "blind_index", "secret_hash", "password_hash", "keyword", "opaque_id", "facts", "wrapped_key", "_keyword",
    "_uuid", "route_template", "network", "template_name", "blind_words",
}  # fmt: skip
PLAIN = {"uuid", "timestamptz", "date", "int2", "int4", "int8", "bool"}

TABLES = """
select c.relname::text as name, c.relrowsecurity as secured, c.relforcerowsecurity as forced,
    pg_get_userbyid(c.relowner) as owner, c.relispartition as part
from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')"""
COLUMNS = """
select c.relname || '.' || a.attname as name, t.typname::text as type
from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'm', 'v') and a.attnum > 0
    and not a.attisdropped and c.relname <> 'schema_migration'"""
ROLE = "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = $1"


@pytest.mark.parametrize("vault", [False, True], ids=["content", "vault"])
async def test_every_column_has_a_class(stack: Stack, vault: bool) -> None:
    columns = await stack.look(COLUMNS, vault=vault)
    assert columns
    assert [tuple(row) for row in columns if row["type"] not in DOMAINS | PLAIN] == []


@pytest.mark.parametrize("vault", [False, True], ids=["content", "vault"])
async def test_every_table_of_workspaces_is_forced_under_row_level_security(
    stack: Stack,
    vault: bool,
) -> None:
    tables = await stack.look(TABLES, vault=vault)
    open_to_all = {row["name"] for row in tables if not (row["secured"] and row["forced"])}
    assert open_to_all == (OF_NO_WORKSPACE if not vault else {"schema_migration", "epoch_key"})
    assert APP_ROLE not in {row["owner"] for row in tables}


async def test_the_applications_role_is_nobody_special(stack: Stack) -> None:
    assert tuple((await stack.look(ROLE, APP_ROLE))[0]) == (False, False, False, False)
    connection = await stack.app.addresses.content.connect()
    try:
        assert await connection.fetchval("select current_user") == APP_ROLE
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("alter table message disable row level security")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("create table public.mine (id int)")
    finally:
        await connection.close()


async def filled(stack: Stack) -> Shop:
    """A workspace with a row in every table that the message path fills, and copies in all others."""
    shop = await stack.shop(flow=demo("appointment"))
    await stack.take(text(shop, ADA, "book", name="Ada"))
    await stack.process.send_all()
    await stack.take(text(shop, ADA, "stop"))
    return shop


async def tables_of(stack: Stack, *, vault: bool) -> list[str]:
    names = [row["name"] for row in await stack.look(TABLES, vault=vault) if not row["part"]]
    return sorted(name for name in names if name not in OF_NO_WORKSPACE | {"epoch_key"})


@pytest.mark.parametrize("vault", [False, True], ids=["content", "vault"])
async def test_another_workspace_can_be_neither_seen_nor_changed(stack: Stack, vault: bool) -> None:
    mine, theirs = await filled(stack), await filled(stack)
    address = stack.app.addresses.vault if vault else stack.app.addresses.content
    connection = await address.connect()
    checked = []
    try:
        for table in await tables_of(stack, vault=vault):
            column = "id" if table == "workspace" else "workspace_id"
            found = await rows_of(stack, theirs, table, column, vault=vault)
            for bound in (str(mine.workspace), "", None):
                problems = await trespass(connection, table, column, theirs, bound)
                assert not problems, problems
            if found:
                checked.append(table)
            after = await rows_of(stack, theirs, table, column, vault=vault)
            assert after == found, table
    finally:
        await connection.close()
    expected = (
        {"scope_key", "subject_key", "identity"} if vault else {"message", "session", "consent", "contact", "event"}
    )
    assert expected <= set(checked)


async def rows_of(stack: Stack, shop: Shop, table: str, column: str, *, vault: bool) -> int:
    """How many rows of a table are this workspace's, as its owner sees it."""
    query = f'select count(*) from "{table}" where {column} = $1'  # noqa: S608 - a name of the catalogue
    return int((await stack.look(query, shop.workspace, vault=vault))[0][0])


async def trespass(
    connection: "asyncpg.Connection[asyncpg.Record]", table: str, column: str, theirs: Shop, bound: str | None
) -> list[str]:
    """What a transaction bound to `bound` gets of another workspace's rows; nothing is right."""
    problems = []
    conditions = f"where {column} = '{theirs.workspace}'"
    how_many = "select count(*) from x"
    attempts = {
        "read": f'select count(*) from "{table}" {conditions}',  # noqa: S608
        "read beyond its own": f"select count(*) from \"{table}\" where {column} <> '{bound or NOBODY}'",  # noqa: S608
        "change": f'with x as (update "{table}" set {column} = {column} {conditions} returning 1) {how_many}',  # noqa: S608
        "delete": f'with x as (delete from "{table}" {conditions} returning 1) {how_many}',  # noqa: S608
    }
    for what, statement in attempts.items():
        transaction = connection.transaction()
        await transaction.start()
        try:
            if bound is not None:
                await connection.execute("select set_config('app.workspaces', $1, true)", bound)
            if await connection.fetchval(statement):
                problems.append(f"could {what} {table} bound to {bound!r}")
        finally:
            await transaction.rollback()
    return problems


async def test_rows_cannot_be_written_into_another_workspace(stack: Stack) -> None:
    mine, theirs = await filled(stack), await filled(stack)
    await stack.take(text(mine, ADA, "start"))
    connection = await stack.app.addresses.content.connect()
    tables = await tables_of(stack, vault=False)
    written = []
    try:
        for table in tables:
            column = "id" if table == "workspace" else "workspace_id"
            columns = [
                row["name"].partition(".")[2]
                for row in await stack.look(COLUMNS)
                if row["name"].startswith(f"{table}.")
            ]
            taken = ", ".join(f"'{theirs.workspace}'::uuid" if each == column else f'"{each}"' for each in columns)
            names = ", ".join(f'"{each}"' for each in columns)
            insert = f'insert into "{table}" ({names}) select {taken} from "{table}"'  # noqa: S608
            move = f"update \"{table}\" set {column} = '{theirs.workspace}'"  # noqa: S608
            for statement in (insert, move):
                transaction = connection.transaction()
                await transaction.start()
                try:
                    await connection.execute("select set_config('app.workspaces', $1, true)", str(mine.workspace))
                    if await connection.fetchval(f'select count(*) from "{table}"') == 0:  # noqa: S608
                        continue
                    with pytest.raises(asyncpg.InsufficientPrivilegeError):
                        await connection.execute(statement)
                    written.append(table)
                finally:
                    await transaction.rollback()
    finally:
        await connection.close()
    assert {"message", "message_body", "contact", "consent", "outbox", "event", "channel"} <= set(written)


NOBODY = "00000000-0000-0000-0000-000000000000"
LANES = ("sign_in", "route", "claim", "sweep")


async def test_a_lane_opens_only_what_it_claims_from(stack: Stack) -> None:
    """No lane shows words, people, keys of people or events."""
    await filled(stack)
    connection = await stack.app.addresses.content.connect()
    seen: dict[str, set[str]] = {}
    try:
        for lane in LANES:
            async with connection.transaction():
                await connection.execute("select set_config('app.lane', $1, true)", lane)
                seen[lane] = {
                    table
                    for table in await tables_of(stack, vault=False)
                    if await connection.fetchval(f'select count(*) from "{table}"')  # noqa: S608
                }
    finally:
        await connection.close()
    hidden = {"message", "message_body", "message_ref", "message_status", "contact", "consent", "conversation", "event",
              "person", "flow", "flow_version", "notice"}  # fmt: skip
    assert all(not tables & hidden for tables in seen.values()), seen
