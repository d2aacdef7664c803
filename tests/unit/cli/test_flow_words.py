"""`parley flow test` and `validate`: what they say and how they exit. The how-to's example runs as it stands there."""

import re
from pathlib import Path

import pytest

from tests.unit.cli.command_line import speak

HOW_TO = Path(__file__).parents[3] / "docs/how-to/write-and-test-a-flow.md"


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The how-to's test file, its flow beside it."""
    flow, talks = re.findall(r"```yaml\n(.*?)```", HOW_TO.read_text("utf-8"), re.DOTALL)
    (tmp_path / "table.yaml").write_text(flow, "utf-8")
    (tmp_path / "table.test.yaml").write_text(talks, "utf-8")
    return tmp_path / "table.test.yaml"


def test_the_how_to_says_what_is_said(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = speak(capsys, "flow", "test", str(example), "--coverage")
    assert said.code == 0
    shown = re.findall(r"```console\n\$ parley flow test.*?\n(.*?)```", HOW_TO.read_text("utf-8"), re.DOTALL)
    assert said.out.replace(f"{example.parent}/", "") == shown[0]
    assert speak(capsys, "flow", "validate", str(example.parent / "table.yaml")).code == 0


def test_too_little_is_covered(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = speak(capsys, "flow", "test", str(example), "--min-coverage", "90")
    assert said.code == 1
    assert "less than 90 %" in said.out
    assert speak(capsys, "flow", "test", str(example), "--min-coverage", "80").code == 0


def test_what_does_not_come_true(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    example.write_text(example.read_text("utf-8").replace("- bot: From 1 to 8, please.", "- bot: Pardon?"), "utf-8")
    said = speak(capsys, "flow", "test", str(example))
    assert said.code == 1
    assert "step 4: what the bot says\n    - Pardon?\n    + From 1 to 8, please.\n" in said.out
    assert "you> twelve" in said.out
    machine = speak(capsys, "flow", "test", str(example), "--json").machine
    assert machine["failed"] == 1


def test_a_file_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "odd.yaml"
    file.write_text("cases: [{name: x, talk: hi}]", "utf-8")
    said = speak(capsys, "flow", "test", str(file))
    assert said.code == 1
    assert "/cases/0/talk" in said.err


def test_faults_are_told_with_their_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "flow.yaml"
    file.write_text("schema: 2\nid: x\nname: X\nstart: a\nnodes: {a: {type: magic}}", "utf-8")
    said = speak(capsys, "flow", "validate", str(file))
    assert said.code == 1
    assert "error: /nodes/a/type: " in said.out
    file.write_text("schema: 2\nid: x\nname: X\nstart: a\nnodes: {a: {type: end}, b: {type: end}}", "utf-8")
    assert speak(capsys, "flow", "validate", str(file)).code == 0
    assert speak(capsys, "flow", "validate", str(file), "--strict").code == 1
