"""Generated pages and the client say what the code says today."""

from pathlib import Path

import pytest

from parley.entrypoints.docs import WRITTEN
from tests.architecture.tree import ROOT


@pytest.mark.parametrize("path", WRITTEN, ids=str)
def test_file_is_fresh(path: Path) -> None:
    page = ROOT / path
    written = page.read_text(encoding="utf-8") if page.exists() else ""
    assert written == WRITTEN[path](), f"{path} is stale: run `make docs` and commit it."
