"""The example in every kind's docstring is executed, and stands in the schema."""

from typing import Any

import pytest

from parley.adapters.whatsapp.check import check
from parley.modules.flows.engine import read_definition, validate
from parley.modules.flows.engine.nodes import KINDS
from parley.modules.flows.engine.schema import example_of, flow_schema, summary_of
from parley.modules.flows.rehearsal import Rehearsal
from parley.modules.flows.talks.talk import Talk


@pytest.mark.parametrize("kind", KINDS)
def test_example_runs(kind: str) -> None:
    example: dict[str, Any] = dict(example_of(kind))
    talk = example.pop("talk")
    others = [read_definition(each) for each in example.pop("flows", ())]
    definition = read_definition({"id": kind, "name": kind, "start": "start", **example})
    assert not validate(definition).errors
    play = Talk(Rehearsal(definition, others=others))
    play.play(talk)
    faults = [check(said) for said in play.rehearsal.said if "variables" not in said.body]
    assert not any(faults), "WhatsApp would refuse this"


@pytest.mark.parametrize("kind", KINDS)
def test_kind_is_told_in_the_schema(kind: str) -> None:
    schema: Any = flow_schema()["$defs"]
    shape = schema[KINDS[kind].__name__]
    assert shape["description"] == summary_of(kind)
    assert shape["examples"][0]["type"] == kind
