"""The description of the API is valid, whole, and of the version that it says."""

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.fakes.api import caller
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]


async def test_the_description(stack: Stack) -> None:
    call = await caller(stack)
    document = (await call("GET", "/v1/openapi.json")).json
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()
    operations = [each for path in document["paths"].values() for each in path.values()]
    names = [each["operationId"] for each in operations]
    assert len(set(names)) == len(names)
    for each in operations:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+", each["operationId"])
        assert each["summary"]
        assert len(each["description"]) > len(each["summary"])
        needs_a_key = {"401", "403"} if "security" not in each else set()
        assert {"422", "429", "500", "503"} | needs_a_key <= set(each["responses"])
        assert each["tags"][0] in {tag["name"] for tag in document["tags"]}
    assert not [name for name in document["components"]["schemas"] if "Shape" in name or "_" in name]


async def test_every_post_may_be_repeated(stack: Stack) -> None:
    call = await caller(stack)
    document = (await call("GET", "/v1/openapi.json")).json
    for path in document["paths"].values():
        if "post" in path and "security" not in path["post"]:
            assert {"$ref": "#/components/parameters/IdempotencyKey"} in path["post"]["parameters"]
