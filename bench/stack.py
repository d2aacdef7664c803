"""The product as real processes on an embedded PostgreSQL in a folder of its own: started, furnished, stopped."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil

from bench.measure import Usage, cpu_of, memory_of
from bench.webhooks import SECRET
from parley.core.time import elapsed_seconds
from parley.entrypoints.prepare import prepare
from parley.kit.postgres import EmbeddedPostgres
from parley.kit.settings import Settings, load_settings

READY_SECONDS = 30.0
STOP_SECONDS = 20.0
ROLES = {"web": "serve", "worker": "work"}
"""Kinds of processes, and the product's command for each."""


@dataclass(slots=True)
class Stack:
    """A running product. `environment` is what its processes were started with."""

    folder: Path
    environment: dict[str, str]
    settings: Settings
    postgres: EmbeddedPostgres
    wrap: dict[str, list[str]] = field(default_factory=dict)
    """By role: a command that runs Python instead of Python alone (a profiler)."""
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def webhook_url(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}/webhooks/meta"

    def start_role(self, role: str) -> None:
        """Start (again) one of the processes."""
        command = [*self.wrap.get(role, [sys.executable]), "-m", "parley.entrypoints.cli", ROLES[role]]
        with (self.folder / f"{role}.log").open("ab") as log:
            self.children[role] = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)

    async def ready(self) -> None:
        """Wait until the web says that it is ready. Raises RuntimeError with the log's end when it doesn't."""
        begun = elapsed_seconds()
        while elapsed_seconds() - begun < READY_SECONDS:
            if await asyncio.to_thread(_is_ready, self.settings.port):
                return
            await asyncio.sleep(0.05)
        raise RuntimeError("The product did not get ready:\n" + self.words())

    def words(self) -> str:
        """The end of what the processes said."""
        return "\n".join(path.read_text(errors="replace")[-2000:] for path in sorted(self.folder.glob("*.log")))

    def processes(self) -> dict[str, list[psutil.Process]]:
        """By kind."""
        found: dict[str, list[psutil.Process]] = {}
        for role, child in self.children.items():
            with suppress(psutil.NoSuchProcess):
                found[role] = [psutil.Process(child.pid)]
        if self.postgres.pid is not None:
            found["postgres"] = [psutil.Process(self.postgres.pid)]
        return found

    def usage(self) -> Usage:
        return cpu_of(self.processes())

    def memory(self) -> dict[str, float]:
        return memory_of(self.processes())

    async def stop(self) -> None:
        for child in self.children.values():
            child.terminate()
        for child in self.children.values():
            try:
                await asyncio.to_thread(child.wait, STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
        await self.postgres.stop()


@asynccontextmanager
async def open_stack(graph_url: str, *, more: dict[str, str] | None = None) -> AsyncIterator[Stack]:
    """The database, prepared; call `start_all` when it is furnished. All is stopped and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="parley-bench-"))
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")},
        "PARLEY_DATA_DIR": str(folder / "data"),
        "PARLEY_PORT": str(_free_port()),
        "PARLEY_GRAPH_URL": graph_url,
        "PARLEY_META_APP_SECRET": SECRET,
        "PARLEY_META_VERIFY_TOKEN": "bench",
        "PARLEY_LOG_LEVEL": "warning",
        **(more or {}),
    }
    settings = _settings(environment)
    stack = Stack(folder, environment, settings, EmbeddedPostgres(settings.data_dir))
    try:
        await stack.postgres.start()
        await prepare(settings)
        yield stack
    finally:
        await stack.stop()
        if not os.environ.get("BENCH_KEEP"):
            shutil.rmtree(folder, ignore_errors=True)


async def start_all(stack: Stack, roles: Sequence[str] = tuple(ROLES)) -> None:
    """Start every process and wait until they serve."""
    for role in roles:
        stack.start_role(role)
    await stack.ready()


def _settings(environment: dict[str, str]) -> Settings:
    """The settings our processes will read, for what is done in this one."""
    os.environ.update({name: value for name, value in environment.items() if name.startswith("PARLEY_")})
    return load_settings()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
