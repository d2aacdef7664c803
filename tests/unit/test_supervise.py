"""The supervisor keeps tiny Python children alive and stops everything in order."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from parley.entrypoints.supervise import Stack, supervise
from parley.entrypoints.supervision.child import Child
from parley.kit.processes import pause_seconds, until

DEADLINE = 20.0
WRITE_PID = "import os,sys,time; open(sys.argv[1],'a').write(f'{os.getpid()}\\n'); "
SLEEP = "time.sleep(60)"


class RecordingDatabase:
    def __init__(self) -> None:
        self.calls: list[str] = []

    async def start(self) -> None:
        self.calls.append("start")

    async def watch(self) -> None:
        self.calls.append("watch")
        await asyncio.Event().wait()

    async def stop(self) -> None:
        self.calls.append("stop")


def python_child(code: str, *arguments: object, name: str = "worker", stop_seconds: float = 5.0) -> Child:
    command = (sys.executable, "-S", "-c", code, *(str(argument) for argument in arguments))
    return Child(name=name, command=command, stop_seconds=stop_seconds)


def pids(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def is_alive(pid: int) -> bool:
    """A zombie that waits for a distant parent is dead too."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def eventually(condition: Callable[[], bool]) -> None:
    assert await until(condition, seconds=DEADLINE)


class Running:
    """A stack under way in this test, with what it reported."""

    def __init__(self, *children: Child, database: RecordingDatabase | None = None) -> None:
        self.said: list[str] = []
        self.announced = asyncio.Event()
        self.stack = Stack(
            database=database,
            prepare=self._prepare,
            report=self.said.append,
            announce=self._announce,
        )
        self._children = children
        self.task = asyncio.create_task(supervise(self.stack))

    async def _prepare(self) -> Sequence[Child]:
        return self._children

    async def _announce(self) -> None:
        self.announced.set()

    async def stop(self) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(self.task, DEADLINE)

    def heard(self, *words: str) -> bool:
        return any(all(word in line for word in words) for line in self.said)


def test_pauses_grow_to_a_limit() -> None:
    assert [pause_seconds(failures) for failures in (1, 2, 3, 7, 1000)] == [0.2, 0.4, 0.8, 10.0, 10.0]


async def test_a_killed_child_is_started_again(tmp_path: Path) -> None:
    file = tmp_path / "pids"
    running = Running(python_child(WRITE_PID + SLEEP, file))
    await eventually(lambda: len(pids(file)) == 1)
    os.kill(pids(file)[0], signal.SIGKILL)
    await eventually(lambda: len(pids(file)) == 2)
    assert running.heard("worker", str(pids(file)[0]), "was killed by SIGKILL", "again in 0.2 s")
    await running.stop()
    assert not any(is_alive(pid) for pid in pids(file))


async def test_a_failing_child_is_quoted_and_its_stderr_passed_through(capfd: pytest.CaptureFixture[str]) -> None:
    running = Running(python_child("import sys; sys.exit('no such channel')"))
    await eventually(lambda: running.heard("again in 0.4 s"))
    await running.stop()
    assert running.heard("worker", "ended with exit code 1", "its last words: no such channel")
    assert "no such channel\n" in capfd.readouterr().err


async def test_a_command_that_does_not_exist_is_reported_and_tried_again() -> None:
    running = Running(Child(name="web", command=("/nonexistent/program",)))
    await eventually(lambda: running.heard("web can't be started", "again in 0.4 s"))
    await running.stop()


async def test_the_database_is_started_first_and_stopped_last(tmp_path: Path) -> None:
    file = tmp_path / "pids"
    database = RecordingDatabase()
    running = Running(python_child(WRITE_PID + SLEEP, file), database=database)
    await asyncio.wait_for(running.announced.wait(), DEADLINE)
    await eventually(lambda: len(pids(file)) == 1)
    assert database.calls == ["start", "watch"]
    await running.stop()
    assert database.calls == ["start", "watch", "stop"]
    assert running.said[-2:] == ["Stopping.", "Stopped."]


async def test_a_child_deaf_to_sigterm_is_killed_after_its_deadline(tmp_path: Path) -> None:
    file = tmp_path / "pids"
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    running = Running(python_child(deaf + WRITE_PID + SLEEP, file, stop_seconds=0.2))
    await eventually(lambda: len(pids(file)) == 1)
    await running.stop()
    assert running.heard("worker didn't stop within", "was killed")
    assert not is_alive(pids(file)[0])


async def test_what_a_dead_child_started_is_ended_too(tmp_path: Path) -> None:
    file = tmp_path / "pids"
    code = WRITE_PID + "os.fork() or (open(sys.argv[1],'a').write(f'{os.getpid()}\\n'), time.sleep(60)); os._exit(3)"
    running = Running(python_child(code, file))
    await eventually(lambda: running.heard("ended with exit code 3"))
    first = pids(file)[:1]
    await running.stop()
    await eventually(lambda: not any(is_alive(pid) for pid in [*first, *pids(file)]))


async def test_readiness_is_announced_once_every_child_is_ready(tmp_path: Path) -> None:
    answers = [False, True]

    async def probe() -> bool:
        return answers.pop(0)

    child = Child(name="web", command=(sys.executable, "-S", "-c", "import time; " + SLEEP), ready=probe)
    running = Running(child)
    await asyncio.wait_for(running.announced.wait(), DEADLINE)
    assert answers == []
    await running.stop()


async def test_a_late_child_is_reported_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "pids"

    async def never() -> bool:
        raise ConnectionRefusedError

    command = (sys.executable, "-S", "-c", WRITE_PID + SLEEP, str(file))
    running = Running(Child(name="web", command=command, ready=never, ready_seconds=0.1))
    await eventually(lambda: running.heard("web runs but isn't ready"))
    await running.stop()
    assert len(pids(file)) == 1
    assert not running.announced.is_set()


async def test_what_preparing_raises_is_raised_after_the_database_is_stopped() -> None:
    database = RecordingDatabase()

    async def prepare() -> Sequence[Child]:
        raise ValueError("migration 7 is broken")

    with pytest.raises(ValueError, match="migration 7"):
        await supervise(Stack(database=database, prepare=prepare, report=lambda _: None))
    assert database.calls[-1] == "stop"


async def test_stopping_while_preparing(tmp_path: Path) -> None:
    began = asyncio.Event()

    async def prepare() -> Sequence[Child]:
        began.set()
        await asyncio.Event().wait()
        raise AssertionError

    task = asyncio.create_task(supervise(Stack(database=None, prepare=prepare, report=lambda _: None)))
    await asyncio.wait_for(began.wait(), DEADLINE)
    os.kill(os.getpid(), signal.SIGINT)
    await asyncio.wait_for(task, DEADLINE)


SUPERVISOR = """
import asyncio, sys
from parley.entrypoints.supervise import Stack, supervise
from parley.entrypoints.supervision.child import Child
async def prepare():
    return [Child(name="worker", command=tuple(sys.argv[1:]))]
asyncio.run(supervise(Stack(database=None, prepare=prepare, report=lambda line: None)))
"""


def start_supervisor(*command: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen([sys.executable, "-c", SUPERVISOR, *command], env=environment)


async def test_children_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "pids"
    process = start_supervisor(sys.executable, "-S", "-c", WRITE_PID + SLEEP, str(file))
    await eventually(lambda: len(pids(file)) == 1)
    process.kill()
    process.wait()
    await eventually(lambda: not is_alive(pids(file)[0]))
