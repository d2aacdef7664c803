"""Every conversation written in the YAML files here, played as authors' conversations are."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from parley.modules.flows.demos import demo
from parley.modules.flows.talks.table import Case, play_case, read_cases
from parley.modules.flows.yaml import read_yaml

FOLDER = Path(__file__).parent


def cases() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.yaml")):
        for case in read_cases(read_yaml(path.read_text("utf-8")), demo):
            yield pytest.param(case, id=f"{path.stem}: {case.name}")


@pytest.mark.parametrize("case", list(cases()))
def test_talk(case: Case) -> None:
    failed = play_case(case).failed
    assert failed is None, str(failed)
