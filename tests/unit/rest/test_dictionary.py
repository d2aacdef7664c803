"""The dictionary of errors has every code that the API's code can answer, and none that it can't."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

from parley.entrypoints.http.dictionary import entries
from tests.architecture.tree import python_files, text

WHERE = ("src/parley/core/", "src/parley/modules/", "src/parley/kit/", "src/parley/entrypoints/http/")
ELSEWHERE = {
    # Told by commands, or handled before they could reach an answer.
    "already_running", "bad_master_key", "bad_settings", "budget_reached", "data_folder_unusable",
    "database_already_running", "database_unavailable", "error", "migration_failed", "not_logged", "processor_off",
    "session_format", "session_unreadable",
}  # fmt: skip


def codes() -> Iterator[str]:
    for path in python_files():
        if str(path).startswith(WHERE):
            for node in ast.walk(ast.parse(text(path))):
                yield from _of_class(node)
                yield from _of_call(node)


def _of_class(node: ast.AST) -> Iterator[str]:
    """`code = "…"` in the body of an error."""
    for each in node.body if isinstance(node, ast.ClassDef) else ():
        if isinstance(each, ast.Assign | ast.AnnAssign) and isinstance(each.value, ast.Constant):
            target = each.targets[0] if isinstance(each, ast.Assign) else each.target
            if isinstance(target, ast.Name) and target.id == "code" and isinstance(each.value.value, str):
                yield each.value.value


def _of_call(node: ast.AST) -> Iterator[str]:
    """`code="…"` where an error is raised."""
    for each in node.keywords if isinstance(node, ast.Call) else ():
        if each.arg == "code" and isinstance(each.value, ast.Constant) and isinstance(each.value.value, str):
            yield each.value.value


def test_every_code_is_told() -> None:
    missing = sorted(set(codes()) - ELSEWHERE - set(entries()))
    assert not missing, f"Tell in entrypoints/http/dictionary.yaml what these mean: {', '.join(missing)}"


def test_no_code_is_told_twice() -> None:
    """The second of two entries would hide the first."""
    told = Counter(re.findall(r"^(\w+):", text(Path("src/parley/entrypoints/http/dictionary.yaml")), re.MULTILINE))
    assert [code for code, times in told.items() if times > 1] == []


def test_entries_are_whole() -> None:
    for code, entry in entries().items():
        assert HTTPStatus(entry.status) >= HTTPStatus.BAD_REQUEST, code
        assert entry.means, code
        assert entry.mend, code
        assert entry.causes, code
