"""`parley up` as a newcomer starts it: a process of its own, in an empty folder, on free ports."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

START_SECONDS = 60.0  # three processes import everything on a machine that tests keep busy
STOP_SECONDS = 30.0
LOOK_SECONDS = 0.05
PARLEY = (sys.executable, "-m", "parley.entrypoints.cli")


def wait_until(what: str, condition: Callable[[], bool], seconds: float = START_SECONDS) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"after {seconds:.0f} s still not: {what}"
        time.sleep(LOOK_SECONDS)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - loopback of our own
            return bool(answer.status == 200)
    except (OSError, urllib.error.HTTPError):
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    folder: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    @property
    def told(self) -> dict[str, str]:
        """What it printed when everything was ready."""
        ready: dict[str, str] = json.loads((self.folder / "out").read_text())
        return ready

    @property
    def reports(self) -> str:
        return (self.folder / "err").read_text()

    def run(self, *arguments: str, said: str = "") -> "subprocess.CompletedProcess[str]":
        """Another command of the same newcomer, in the same folder."""
        return subprocess.run(
            [*PARLEY, *arguments],
            input=said,
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
            check=False,
            cwd=self.folder,
            env=self.environment,
        )

    def begin(self, *arguments: str) -> "subprocess.Popen[str]":
        """A command of the same newcomer that goes on until it is told to stop."""
        return subprocess.Popen(
            [*PARLEY, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env=self.environment,
        )

    def chat(self, phone: str, *lines: str) -> str:
        """What a customer sees who writes these lines."""
        done = self.run("sim", "chat", "--phone", phone, said="".join(f"{line}\n" for line in lines))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def child(self, word: str) -> psutil.Process:
        """The child whose command line has this word."""
        for each in psutil.Process(self.process.pid).children():
            if word in each.cmdline() or each.name() == word:
                return each
        raise AssertionError(f"no {word} among the children")

    def kill(self, *words: str) -> None:
        """kill -9 these children, and wait until others run in their places."""
        victims = {word: self.child(word).pid for word in words}
        for pid in victims.values():
            os.kill(pid, signal.SIGKILL)
        for word, pid in victims.items():
            wait_until(f"another {word}", lambda word=word, pid=pid: self._replaced(word, pid))  # type: ignore[misc]
        wait_until("web and simulator answer", self.serves)

    def serves(self) -> bool:
        return answers(f"{self.told['url']}/readyz") and answers(f"{self.told['sim_url']}/sim/state")

    def _replaced(self, word: str, pid: int) -> bool:
        try:
            return self.child(word).pid != pid
        except (AssertionError, psutil.Error):
            return False


@contextmanager
def parley_up(folder: Path, *arguments: str, **settings: str) -> Iterator[Platform]:
    """The platform, ready; killed with everything below it when a test leaves it running."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PARLEY_")}
    environment |= {"PARLEY_PORT": str(free_port()), "PARLEY_SIM_PORT": str(free_port())}
    environment |= {f"PARLEY_{name.upper()}": value for name, value in settings.items()}
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        command = [*PARLEY, "up", "--json", *arguments]
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=err)
    platform = Platform(folder=folder, environment=environment, process=process)
    try:
        wait_until("ready", lambda: process.poll() is not None or (folder / "out").stat().st_size > 0)
        assert process.poll() is None, platform.reports
        yield platform
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            finally:
                process.kill()
                process.wait()
