"""Each shape stands at an address of its own; the published API changes by additions only."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from parley.entrypoints.http.documents import shape_schema
from tests.fakes.api import caller
from tests.fakes.asgi import ask
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]

BASELINE = Path(__file__).parent / "openapi.baseline.json"
MEANT = "This breaks clients. docs/how-to/versions.md says how to go on if it is meant."


async def test_every_shape_is_a_schema_that_its_examples_keep(stack: Stack) -> None:
    api = (await caller(stack)).api
    listed = json.loads((await ask(api, "GET", "/v1/schemas")).body)["data"]
    assert {"message", "message-request", "contact", "flow"} <= {each["name"] for each in listed}
    for each in listed:
        answered = await ask(api, "GET", each["url"])
        assert answered.status == 200, each
        Draft202012Validator.check_schema(json.loads(answered.body))
    for name, shape in api.openapi()["components"]["schemas"].items():
        for example in shape.get("examples", ()):
            found = Draft202012Validator(shape_schema(api.openapi(), name)).iter_errors(example)
            # FastAPI leaves null members out of the description, also those of examples.
            assert [each.message for each in found if each.validator != "required"] == [], name
    assert (await ask(api, "GET", "/v1/schemas/nothing.json")).status == 404


async def test_nothing_that_was_published_is_taken_back(stack: Stack) -> None:
    now, before = (await caller(stack)).api.openapi(), json.loads(BASELINE.read_text())
    assert breaks(before, now) == [], MEANT


def breaks(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Operations, answers and members that are gone, and what requests newly demand."""
    found = []
    for path, operations in before["paths"].items():
        for method, operation in operations.items():
            other = now["paths"].get(path, {}).get(method)
            if other is None:
                found.append(f"{method} {path} is gone")
                continue
            gone = {code for code in operation["responses"] if code < "400"} - other["responses"].keys()
            found += [f"{method} {path} answers no {code} any more" for code in sorted(gone)]
    shapes = now["components"]["schemas"]
    for name, shape in before["components"]["schemas"].items():
        other = shapes.get(name, {})
        gone = shape.get("properties", {}).keys() - other.get("properties", {}).keys()
        found += [f"{name}.{member} is gone" for member in sorted(gone)]
        if shape.get("additionalProperties") is False:
            demanded = set(other.get("required", ())) - set(shape.get("required", ()))
            found += [f"{name}.{member} is demanded" for member in sorted(demanded)]
    return found


async def test_a_break_is_seen() -> None:
    before = json.loads(BASELINE.read_text())
    now = json.loads(BASELINE.read_text())
    del now["paths"]["/v1/messages"]["post"]
    del now["components"]["schemas"]["Message"]["properties"]["status"]
    assert breaks(before, now) == ["post /v1/messages is gone", "Message.status is gone"]
    assert breaks(before, before) == []
