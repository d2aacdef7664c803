"""Folders, disks and words of PostgreSQL that stop a start: each is told in one sentence with the mend."""

import errno
import os
from pathlib import Path
from typing import NamedTuple

import pytest

from parley.kit.postgres.account import Account
from parley.kit.postgres.binaries import wheel_folder
from parley.kit.postgres.diagnosis import diagnose
from parley.kit.postgres.endpoint import SOCKET_NAME, SOCKET_PATH_LIMIT, database_url, socket_host
from parley.kit.postgres.errors import AlreadyRunning, PostgresFailed
from parley.kit.postgres.layout import (
    Layout,
    check_cluster,
    check_space,
    layout_in,
    own_folder,
    prepare_root,
    unusable,
)
from parley.kit.postgres.lock import take_lock

OURSELVES = Account(uid=os.geteuid(), gid=os.getegid(), foreign=False)
SOMEBODY = Account(uid=os.geteuid() + 1, gid=os.getegid(), foreign=True)


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = layout_in(tmp_path / "data")
    prepare_root(layout)
    return layout


def fill(layout: Layout, name: str, text: str) -> None:
    layout.data.mkdir(exist_ok=True)
    (layout.data / name).write_text(text)


def test_an_empty_folder_is_no_cluster_yet(layout: Layout) -> None:
    assert not check_cluster(layout, OURSELVES, major="18")
    layout.data.mkdir()
    assert not check_cluster(layout, OURSELVES, major="18")


def test_a_cluster_of_our_version_is_taken(layout: Layout) -> None:
    fill(layout, "PG_VERSION", "18\n")
    assert check_cluster(layout, OURSELVES, major="18")


def test_something_else_in_the_folder_is_left_alone(layout: Layout) -> None:
    fill(layout, "holiday.jpg", "")
    with pytest.raises(PostgresFailed, match=r"not a PostgreSQL cluster. Move it away"):
        check_cluster(layout, OURSELVES, major="18")
    assert (layout.data / "holiday.jpg").exists()


def test_a_cluster_of_another_major_version_is_refused(layout: Layout) -> None:
    fill(layout, "PG_VERSION", "17\n")
    with pytest.raises(PostgresFailed, match="made by PostgreSQL 17 and this version brings 18"):
        check_cluster(layout, OURSELVES, major="18")


def test_a_cluster_of_another_owner_is_refused(layout: Layout) -> None:
    fill(layout, "PG_VERSION", "18\n")
    with pytest.raises(PostgresFailed, match="belongs to uid"):
        check_cluster(layout, SOMEBODY, major="18")
    with pytest.raises(PostgresFailed, match="belongs to uid"):
        own_folder(layout.data, SOMEBODY)


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(PostgresFailed, match="can't be used"):
        prepare_root(layout_in(tmp_path / "data"))


def test_a_full_disk_is_told_before_starting(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(10**9, 10**9, 1_000_000))
    with pytest.raises(PostgresFailed, match="is full: 0 MiB are free and PostgreSQL needs 256 MiB"):
        check_space(layout, new=True)
    with pytest.raises(PostgresFailed, match=r"needs 64 MiB to start. Free some space") as caught:
        check_space(layout, new=False)
    assert caught.value.reason == "database_unavailable"


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "The disk of /data is full. Free some space"),
        (errno.EROFS, "/data is on a read-only disk. Set PARLEY_DATA_DIR"),
        (errno.EACCES, "/data can't be used by uid"),
        (errno.ENOTDIR, "/data can't be used"),
    ],
)
def test_errors_of_the_operating_system(number: int, sentence: str) -> None:
    assert sentence in unusable(Path("/data"), OSError(number, os.strerror(number))).detail


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("FATAL:  could not write lock file: No space left on device", "The disk of /data is full"),
        ("PANIC:  could not write to file: No space left on device", "PostgreSQL then starts by itself"),
        ('FATAL:  could not open file "x": Read-only file system', "read-only disk"),
        ('FATAL:  could not open file "x": Permission denied', 'may not use /data: could not open file "x"'),
        ("FATAL:  could not map anonymous shared memory: Cannot allocate memory", "Not enough memory"),
        ("LOG:  fine\nFATAL:  something new.\n", "can't start: something new. Its log is in /data/log"),
        ("", "can't start: it was killed by SIGKILL. Its log is in /data/log"),
    ],
)
def test_words_of_postgres_become_a_sentence(words: str, sentence: str) -> None:
    said = diagnose(words, Layout(root=Path("/data")), otherwise="it was killed by SIGKILL")
    assert sentence in said


def test_a_missing_wheel_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.kit.postgres.binaries.PACKAGE", "no_such_package")
    with pytest.raises(PostgresFailed, match=r"not made for this platform. Set PARLEY_DATABASE_URL"):
        wheel_folder()


def test_the_lock_names_its_holder_and_is_free_again_when_closed(layout: Layout) -> None:
    held = take_lock(layout)
    with pytest.raises(AlreadyRunning, match=f"run by process {os.getpid()}") as caught:
        take_lock(layout)
    assert caught.value.pid == os.getpid()
    os.close(held)
    os.close(take_lock(layout))


def test_a_short_path_is_its_own_address() -> None:
    assert socket_host(Path("/srv/parley/postgres/run")) == Path("/srv/parley/postgres/run")
    assert database_url(Path("/srv/run"), "content", "parley_app") == (
        "postgresql://parley_app@/content?host=%2Fsrv%2Frun&port=5432"
    )


@pytest.mark.parametrize("name", ["a" * 120, "comma,and space"])
def test_a_long_or_odd_path_gets_a_private_link_always_the_same(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path.parent))
    run = tmp_path / name
    run.mkdir()
    link = socket_host(run)
    assert link.resolve() == run
    assert len(os.fsencode(link / SOCKET_NAME)) <= SOCKET_PATH_LIMIT
    assert link.parent.stat().st_mode & 0o777 == 0o700
    link.unlink()
    assert socket_host(run) == link
    assert link.resolve() == run


def test_a_folder_that_others_may_write_is_not_trusted_with_the_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    shared = tmp_path / f"parley-{os.geteuid()}"
    shared.mkdir()
    shared.chmod(0o777)
    link = socket_host(tmp_path / ("a" * 120))
    assert link.parent != shared
    link.unlink()
