"""Routes of flows."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Body, Query
from pydantic import JsonValue

from parley.kit.keys import KeyService
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import UnitHere, provided, resource
from parley.modules.flows.schemas.flows import FlowShape, ImportedFlow
from parley.modules.flows.service.import_flow import import_flow
from parley.modules.flows.service.list_flows import Flow, list_flows

router = resource("flows")

KeysHere = Annotated[KeyService, provided(KeyService)]
_EXAMPLE: JsonValue = {
    "id": "hello",
    "name": "Hello",
    "triggers": {"keywords": ["hi"]},
    "start": "greet",
    "nodes": {"greet": {"type": "message", "text": "Hello!"}},
}
Document = Annotated[
    dict[str, JsonValue],
    Body(description="A flow as `GET /v1/schemas/flow.json` describes it.", examples=[_EXAMPLE]),
]


@router.get("/flows", operation_id="list_flows", summary="List flows")
async def read_flows(unit: UnitHere, keys: KeysHere, window: WindowHere) -> Page[FlowShape]:
    """The workspace's flows, newest first."""

    async def read(after: UUID | None, limit: int) -> Sequence[Flow]:
        return await list_flows(unit, keys, after, limit)

    found, cursor = await page_of(window, read, lambda each: each.id)
    return Page(data=[FlowShape.of(each) for each in found], next_cursor=cursor)


@router.post("/flows", operation_id="import_flow", summary="Import a flow", status_code=201)
async def create_flow(
    unit: UnitHere,
    keys: KeysHere,
    document: Document,
    publish: Annotated[bool, Query(description="Let it answer from now on.")] = False,  # noqa: FBT002 - in the query
) -> ImportedFlow:
    """Take a definition in as a new version of the flow with its `id`. Sessions under way stay on their version."""
    return ImportedFlow.of(await import_flow(unit, keys, document, publish=publish))
