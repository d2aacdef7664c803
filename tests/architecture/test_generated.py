"""Generated pages say what the code says today."""

import pytest

from parley.entrypoints.docs import FOLDER, PAGES
from tests.architecture.tree import ROOT


@pytest.mark.parametrize("name", PAGES)
def test_page_is_fresh(name: str) -> None:
    page = ROOT / FOLDER / name
    written = page.read_text(encoding="utf-8") if page.exists() else ""
    assert written == PAGES[name](), f"{FOLDER / name} is stale: run `make docs` and commit it."
