"""Every conversation written in the YAML files here, played against the engine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from parley.modules.flows.demos import demo
from parley.modules.flows.engine import PLAIN, WHATSAPP, Definition, read_definition
from parley.modules.flows.yaml import read_yaml
from tests.cases.flows.talk import Talk

FOLDER = Path(__file__).parent


def cases() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.yaml")):
        table: Any = read_yaml(path.read_text("utf-8"))
        for case in table["cases"]:
            flow = case.get("flow") or table["flow"]
            yield pytest.param(flow, case, id=f"{path.stem}: {case['name']}")


def definition_of(flow: Any) -> Definition:
    if isinstance(flow, str):
        return read_definition(demo(flow))
    return read_definition({"id": "case", "name": "Case", "start": "start", **flow})


@pytest.mark.parametrize(("flow", "case"), list(cases()))
def test_talk(flow: Any, case: Any) -> None:
    others = [definition_of(each) for each in case.get("flows", ())]
    channel = PLAIN if case.get("channel") == PLAIN.kind else WHATSAPP
    Talk(definition_of(flow), case.get("contact"), others, channel).play(case["talk"])
