"""Small files and functions. Beauty is decided in the tail, so the limit is on the maximum."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.tree import python_files, text, told

FILE = 250
TEST_FILE = 400
FUNCTION = 40


@dataclass(frozen=True, slots=True)
class Longer:
    """A thing that may be longer than the rule: how many lines it has today, and why."""

    lines: int
    because: str


EXCEPTIONS: dict[str, Longer] = {
    # "src/parley/…/name.py" or "src/parley/…/name.py:function". This list may only shrink: no line is added, no number
    # raised; when the thing gets shorter the test asks for the smaller number, and for none at all within the rule.
}

IN_CODE = "Split by verb, node, event or stage, one file each; give each step of a long function its own name."


def file_lengths() -> Iterator[tuple[str, int, int]]:
    for path in python_files():
        limit = TEST_FILE if path.parts[0] == "tests" else FILE
        yield str(path), len(text(path).splitlines()), limit


def function_lengths() -> Iterator[tuple[str, int, int]]:
    for path in python_files():
        for node in ast.walk(ast.parse(text(path))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                yield f"{path}:{node.name}", node.end_lineno - node.lineno + 1, FUNCTION


def too_long(lengths: Iterator[tuple[str, int, int]]) -> list[str]:
    return [
        f"{name} has {lines} lines; the limit is {allowed(name, limit)}"
        for name, lines, limit in lengths
        if lines > allowed(name, limit)
    ]


def allowed(name: str, limit: int) -> int:
    return EXCEPTIONS[name].lines if name in EXCEPTIONS else limit


def test_files_are_short() -> None:
    offences = too_long(file_lengths())
    assert not offences, told(offences, IN_CODE)


def test_functions_are_short() -> None:
    offences = too_long(function_lengths())
    assert not offences, told(offences, IN_CODE)


def test_exceptions_only_shrink() -> None:
    measured = {name: (lines, limit) for name, lines, limit in (*file_lengths(), *function_lengths())}
    offences = [
        f"{name}: {measured.get(name, (0, 0))[0]} lines now, {longer.lines} listed"
        for name, longer in EXCEPTIONS.items()
        if measured.get(name, (0, 0))[0] < longer.lines or longer.lines <= measured[name][1]
    ]
    assert not offences, told(offences, "It got shorter: lower the number in EXCEPTIONS, or take the line out.")
    assert all(longer.because for longer in EXCEPTIONS.values()), "An exception without a reason is no exception."


def test_paths_in_exceptions_exist() -> None:
    known = {str(path) for path in python_files()}
    gone = [name for name in EXCEPTIONS if str(Path(name.split(":")[0])) not in known]
    assert not gone, told(gone, "The file is gone: take its line out of EXCEPTIONS.")
