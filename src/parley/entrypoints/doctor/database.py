"""The database, its schema, the role we work in, the clock and the keys."""

from parley.core.errors import ParleyError
from parley.core.time import now
from parley.entrypoints.doctor.finding import Finding, note, ok, wrong
from parley.entrypoints.prepare import schema_is_current
from parley.kit.database import AWAY, Connection, Database
from parley.kit.database_facts import RoleFacts, ServerFacts, role_facts, server_facts
from parley.kit.keys import KeyService
from parley.kit.locate import addresses_of
from parley.kit.master_key import load_master_key
from parley.kit.settings import Settings

SKEW_SECONDS = 2.0
"""More confuses windows, retries and statuses that come within a second of each other."""
TIME_SERVICE = "Let a time service (chrony, systemd-timesyncd) set the clock of both machines."
MIGRATE = "Run `parley migrate`."


async def look_at_database(settings: Settings) -> list[Finding]:
    """Everything that one connection in our role can tell."""
    try:
        connection = await addresses_of(settings).content.connect()
    except AWAY as error:
        mend = "Check PARLEY_DATABASE_URL and that the server runs." if settings.database_url else "Run `parley up`."
        return [wrong("database", f"can't be reached ({type(error).__name__}: {error})", mend)]
    except Exception as error:  # noqa: BLE001 - whatever the server refuses for, the doctor must say it
        return [wrong("database", f"refuses us ({error})", "Run `parley migrate`, which makes databases and roles.")]
    try:
        return await _examine(settings, connection)
    finally:
        await connection.close()


async def _examine(settings: Settings, connection: Connection) -> list[Finding]:
    facts = await server_facts(connection)
    findings = [_server(facts, settings), _clock(facts), _role(await role_facts(connection))]
    if await schema_is_current(settings):
        findings.append(ok("schema", "at this version"))
    else:
        findings.append(wrong("schema", "not at this version", MIGRATE))
    return findings


def _server(facts: ServerFacts, settings: Settings) -> Finding:
    where = "by PARLEY_DATABASE_URL" if settings.database_url else "embedded"
    detail = f"PostgreSQL {facts.version}, {where}, fsync {_on(facts.fsync)}, checksums {_on(facts.checksums)}"
    if not facts.fsync:
        return wrong("database", detail, "Without fsync a power cut loses messages: set fsync = on and restart it.")
    if not facts.checksums:
        return note("database", detail, "Checksums show a failing disk early: pg_checksums --enable, server stopped.")
    return ok("database", detail)


def _on(value: bool) -> str:  # noqa: FBT001 - a word for a truth
    return "on" if value else "off"


def _clock(facts: ServerFacts) -> Finding:
    skew = abs((facts.now - now()).total_seconds())
    detail = f"{skew:.1f} s between the database's and this machine's"
    return ok("clock", detail) if skew <= SKEW_SECONDS else wrong("clock", detail, TIME_SERVICE)


def _role(facts: RoleFacts) -> Finding:
    if facts.superuser or facts.bypasses or facts.owner:
        what = "a superuser" if facts.superuser else "the tables' owner" if facts.owner else "above row security"
        return wrong("role", f"{facts.name} is {what}, so workspaces could see each other", MIGRATE)
    return ok("role", f"{facts.name}, bound by row-level security")


async def look_at_keys(settings: Settings) -> list[Finding]:
    """Whether the master key is there, private, and opens what is in the vault."""
    vault = await Database(addresses_of(settings).vault, size=1).open()
    try:
        keys = KeyService(load_master_key(settings.master_key_path, create=False), vault)
        await keys.installation()
    except ParleyError as error:
        return [wrong("keys", error.detail, f"The file is PARLEY_MASTER_KEY_FILE, now {settings.master_key_path}.")]
    except Exception as error:  # noqa: BLE001 - whatever the vault refuses for, the doctor must say it
        return [wrong("keys", f"the vault can't be read ({error})", MIGRATE)]
    finally:
        await vault.close()
    return [ok("keys", f"{settings.master_key_path} opens the vault; keep a copy of it away from this machine")]
