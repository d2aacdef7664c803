"""Routes of a flow's versions: what they hold, what differs, and what can be said of a definition."""

from typing import Annotated
from uuid import UUID

from fastapi import Body, Path, Query, Response
from pydantic import JsonValue

from parley.kit.rest.ids import FlowPath
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import QueryRoute, UnitHere, resource
from parley.modules.flows.api.flows import KeysHere
from parley.modules.flows.engine import completion, read_definition
from parley.modules.flows.engine.differences import difference
from parley.modules.flows.schemas.versions import (
    Document,
    FlowDifference,
    FlowVersionDetail,
    FlowVersionShape,
    InspectedFlow,
    PublicationShape,
    plain,
)
from parley.modules.flows.service.inspect_flow import inspect_document
from parley.modules.flows.service.list_versions import (
    document_at,
    list_publications,
    list_versions,
    newest_document,
    read_version,
)
from parley.modules.flows.store.definitions import VersionRow
from parley.modules.flows.store.lives import Publication
from parley.modules.flows.yaml import write_yaml

router = resource("flows")
queries = resource("flows", route=QueryRoute)

YAML = "application/yaml"
_YAML_ANSWER: dict[int | str, dict[str, object]] = {200: {"description": "The flow file.", "content": {YAML: {}}}}
Number = Annotated[int, Path(ge=1)]


@router.get("/flows/{flow_id}/versions", operation_id="list_flow_versions", summary="List a flow's versions")
async def read_versions(unit: UnitHere, flow_id: FlowPath, window: WindowHere) -> Page[FlowVersionShape]:
    """Every version there is, newest first. Versions never change."""

    async def read(after: UUID | None, limit: int) -> list[VersionRow]:
        return await list_versions(unit, flow_id, after.int if after else None, limit)

    found, cursor = await page_of(window, read, lambda each: UUID(int=each.version))
    return Page(data=[FlowVersionShape.of(each) for each in found], next_cursor=cursor)


@router.get("/flows/{flow_id}/versions/{version}", operation_id="get_flow_version", summary="Get a version of a flow")
async def show_version(unit: UnitHere, keys: KeysHere, flow_id: FlowPath, version: Number) -> FlowVersionDetail:
    """A version with its document, and what can be said of it today."""
    return FlowVersionDetail.of(await read_version(unit, keys, flow_id, version))


@router.get("/flows/{flow_id}/publications", operation_id="list_publications", summary="List what was published")
async def read_publications(unit: UnitHere, flow_id: FlowPath, window: WindowHere) -> Page[PublicationShape]:
    """Which version began to answer when, newest first."""

    async def read(after: UUID | None, limit: int) -> list[Publication]:
        return await list_publications(unit, flow_id, after, limit)

    found, cursor = await page_of(window, read, lambda each: each.id)
    return Page(data=[PublicationShape.of(each) for each in found], next_cursor=cursor)


@router.get("/flows/{flow_id}/diff", operation_id="compare_flow_versions", summary="Compare two versions of a flow")
async def compare(
    unit: UnitHere,
    keys: KeysHere,
    flow_id: FlowPath,
    before: Annotated[int | None, Query(ge=1, description="A version; without it, the published one.")] = None,
    after: Annotated[int | None, Query(ge=1, description="A version; without it, the draft or the latest.")] = None,
) -> FlowDifference:
    """What differs: nodes added, removed and changed, with each place and its words."""
    one = await document_at(unit, keys, flow_id, before)
    if after is None:
        other = await newest_document(unit, keys, flow_id)
    else:
        other = await document_at(unit, keys, flow_id, after)
    return FlowDifference.of(difference(read_definition(one), read_definition(other)))


@router.get(
    "/flows/{flow_id}/export",
    operation_id="export_flow",
    summary="Export a flow",
    response_class=Response,
    responses=_YAML_ANSWER,
)
async def export(
    unit: UnitHere,
    keys: KeysHere,
    flow_id: FlowPath,
    version: Annotated[int | None, Query(ge=1, description="Without it, the published one.")] = None,
) -> Response:
    """The flow as a YAML file. Imported again, it is the same flow."""
    document = await document_at(unit, keys, flow_id, version)
    return Response(write_yaml(document), media_type=YAML)


@queries.post("/flows/validate", operation_id="validate_flow", summary="Validate a definition")
async def inspect(unit: UnitHere, document: Annotated[Document, Body()]) -> InspectedFlow:
    """Everything that is wrong or doubtful in a definition, with what is missing in the workspace. Nothing is kept."""
    return InspectedFlow.of((await inspect_document(unit, document)).issues)


@queries.post("/flows/complete", operation_id="complete_flow", summary="What an editor can offer")
async def complete(document: Annotated[Document, Body()]) -> dict[str, JsonValue]:
    """Names that texts of this definition can show, filters and tests, each with what it does."""
    return plain(completion(read_definition(document)))
