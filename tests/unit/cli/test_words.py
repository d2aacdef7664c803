"""Help, usage errors, exit codes and `--json` of every command, without a database."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import click
import pytest

from parley.entrypoints import cli
from parley.entrypoints.cli.ids import WORKSPACE
from tests.unit.cli.command_line import speak

WKS = "wks_" + "0" * 31 + "9"
HEAVY = ("pydantic", "asyncpg", "fastapi", "liquid", "structlog", "uvloop", "uvicorn", "pyreqwest")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PARLEY_DATA_DIR", str(tmp_path / "data"))


def commands(group: click.Group, *path: str) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)


EVERY = sorted(commands(cli.parley))


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_every_command_has_help_and_json(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    said = speak(capsys, *path, "--help")
    assert said.code == 0
    assert "--json" in said.out


def test_contract_names_every_command() -> None:
    asked = {"up", "serve", "work", "sim", "migrate", "doctor"}
    asked |= {"workspace create", "key create", "channel add whatsapp", "flow import", "flow run", "sim chat"}
    assert asked <= {" ".join(path) for path in EVERY}


@pytest.mark.parametrize(
    "line",
    [
        [],
        ["no-such-command"],
        ["workspace", "create"],
        ["workspace", "create", "--name", "N", "--owner-email", "a@b.co", "--colour", "red"],
        ["key", "create", "--workspace", "wks_7", "--name", "N"],
        ["key", "create", "--workspace", "chn_" + "0" * 32, "--name", "N"],
        ["channel", "add", "whatsapp", "--workspace", WKS],
        ["channel", "resume", "nonsense"],
        ["flow", "import", "missing.yaml", "--workspace", WKS],
        ["flow", "run", "missing.yaml"],
        ["sim", "--business", "only-one-part"],
        ["sim", "chat"],
        ["sim", "chat", "--phone", "nonsense"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_2(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    said = speak(capsys, *line)
    assert (said.code, said.out) == (2, "")
    assert "Usage: parley" in said.err
    if line:
        error = speak(capsys, *line, "--json").machine["error"]
        assert isinstance(error, dict)
        assert error["code"] == "usage"


@pytest.mark.parametrize(
    "line",
    [
        ["key", "create", "--workspace", WKS, "--name", "N"],
        ["channel", "list"],
        ["workspace", "list"],
    ],
    ids=" ".join,
)
def test_no_installation_here(line: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    said = speak(capsys, *line, "--json")
    assert said.code == 1
    error = said.machine["error"]
    assert isinstance(error, dict)
    assert error["code"] == "no_installation"
    assert "parley up" in error["detail"]
    assert not (tmp_path / "data").exists(), "a command that only looks makes no data folder"


def test_faults_have_pointers(capsys: pytest.CaptureFixture[str]) -> None:
    said = speak(capsys, "workspace", "create", "--name", " ", "--owner-email", "nobody", "--json")
    error = said.machine["error"]
    assert isinstance(error, dict)
    assert [each["pointer"] for each in error["errors"]] == ["/name", "/owner_email"]
    assert "/owner_email: Write the address like name@example.com." in said.err


def test_a_bad_setting_stops_with_a_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_PORT", "eighty")
    said = speak(capsys, "up", "--json")
    assert said.code == 1
    error = said.machine["error"]
    assert isinstance(error, dict)
    assert error["code"] == "bad_settings"
    assert "PARLEY_PORT" in error["detail"]


def test_no_simulator_in_production(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_ENV", "production")
    said = speak(capsys, "up")
    assert said.code == 1
    assert "--no-sim" in said.err


def test_a_flow_with_faults(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(
        "format: 1\nid: x\nname: X\nstart: here\nnodes:\n  here: {type: message, text: Hi, next: nowhere}\n"
    )
    said = speak(capsys, "flow", "run", str(file))
    assert said.code == 1
    assert "  /nodes/here: The exit 'next' leads to 'nowhere'" in said.err


def test_a_talk_in_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "short.yaml"
    file.write_text("format: 1\nid: x\nname: X\nstart: here\nnodes:\n  here: {type: end, text: Bye, outcome: done}\n")
    talk = [sys.executable, "-m", "parley.entrypoints.cli", "flow", "run", str(file), "--json"]
    done = subprocess.run(talk, input="hi\n", capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stdout) == {"outcome": "done"}
    assert "bot> Bye" in done.stderr


def test_the_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert "properties" in json.loads(speak(capsys, "flow", "schema").out)


def test_ids_in_both_spellings() -> None:
    assert WORKSPACE.convert(WKS, None, None) == WORKSPACE.convert(str(UUID(int=9)), None, None) == UUID(int=9)


def test_help_is_light() -> None:
    """Help must answer at once, so it may import nothing heavy."""
    code = f"import sys, parley.entrypoints.cli; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
