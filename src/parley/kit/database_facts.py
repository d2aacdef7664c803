"""What `parley doctor` asks a database about itself, and which processes were seen at work."""

from dataclasses import dataclass
from datetime import datetime

from parley.kit.database import Connection

_SERVER = """
select current_setting('server_version') as version, current_setting('fsync') as fsync,
    current_setting('data_checksums') as checksums, clock_timestamp() as now"""
_ROLE = """
select r.rolname as name, r.rolsuper as superuser, r.rolbypassrls as bypasses,
    exists (select from pg_class c where c.relname = 'workspace' and c.relowner = r.oid) as owner
from pg_roles r where r.rolname = current_user"""
_SEEN = """
select role, count(*) as count from process
where seen_at > now() - interval '15 seconds' and role <> 'ended' group by role order by role"""


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """A server's version, whether it keeps what it promised to keep, and what time it thinks it is."""

    version: str
    fsync: bool
    checksums: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """The role of a connection: whether row-level security binds it."""

    name: str
    superuser: bool
    bypasses: bool
    owner: bool


async def server_facts(connection: Connection) -> ServerFacts:
    """The server behind a connection."""
    (row,) = await connection.fetch(_SERVER)
    return ServerFacts(row["version"], row["fsync"] == "on", row["checksums"] == "on", row["now"])


async def role_facts(connection: Connection) -> RoleFacts:
    """The role of a connection."""
    (row,) = await connection.fetch(_ROLE)
    return RoleFacts(row["name"], row["superuser"], row["bypasses"], row["owner"])


async def processes_seen(connection: Connection) -> dict[str, int]:
    """How many processes of each role said within the last seconds that they are alive."""
    return {row["role"]: row["count"] for row in await connection.fetch(_SEEN)}
