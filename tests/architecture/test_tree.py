"""Names, folders and texts of the tree: nothing empty, no drawers, nothing of one machine."""

import re
from collections import Counter
from pathlib import Path

from tests.architecture.tree import files, python_files, text, told

DRAWERS = {"util", "utils", "helper", "helpers", "manager", "managers", "common", "misc", "base", "stuff", "shared"}

# Written in pieces so that this file does not find itself.
ONE_MACHINE = [
    re.compile("https?://[^ ]*(" + "|".join(["py" + r"pi\.", "python" + "hosted", r"registry\.npm" + "js"]) + ")"),
    re.compile("--" + r"(extra-)?index-url[ =]http"),
    re.compile('"resolved"' + ': "http'),
    re.compile(r"(?<![\w.:/~*{}-])/" + r"(home|root|Users|work)/[\w.-]+"),
]


def test_no_drawers() -> None:
    offences = [str(path) for path in python_files() if path.stem.strip("_") in DRAWERS or set(path.parts) & DRAWERS]
    assert not offences, told(
        offences, "A drawer collects whatever has no place. Name the file after what it does, or move each thing home."
    )


def test_no_empty_rooms() -> None:
    """A package that is nothing but its __init__.py says that a room exists when it does not."""
    inhabitants = Counter(folder for path in files() for folder in path.parents)
    offences = [
        str(path.parent) for path in python_files() if path.name == "__init__.py" and inhabitants[path.parent] == 1
    ]
    assert not offences, told(offences, "Remove the folder until something lives in it.")


def test_no_placeholders() -> None:
    offences = [str(path) for path in files() if path.name in {".gitkeep", ".keep", ".empty"}]
    assert not offences, told(offences, "Remove the folder until something lives in it.")


def test_nothing_of_one_machine() -> None:
    offences = [f"{path}:{number}: {found}" for path in files() for number, found in machine_lines(path)]
    assert not offences, told(
        offences,
        "Registry hosts and absolute paths are true on one machine only: name the package, use a relative path, or "
        "take the place from a setting or an environment variable.",
    )


def machine_lines(path: Path) -> list[tuple[int, str]]:
    if not any(mark.search(text(path)) for mark in ONE_MACHINE):
        return []
    lines = enumerate(text(path).splitlines(), start=1)
    return [(number, line.strip()[:100]) for number, line in lines if any(mark.search(line) for mark in ONE_MACHINE)]
