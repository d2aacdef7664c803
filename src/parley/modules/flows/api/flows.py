"""Routes of flows: what there is, and which version answers."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Body, Query

from parley.kit.keys import KeyService
from parley.kit.rest.ids import FlowPath
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import UnitHere, provided, resource
from parley.modules.flows.schemas.flows import (
    FlowShape,
    ImportedFlow,
    PublishedFlow,
    PublishRequest,
    RollbackRequest,
    RolloutRequest,
)
from parley.modules.flows.schemas.versions import Document
from parley.modules.flows.service.end_flow import archive_flow, delete_flow, restore_flow
from parley.modules.flows.service.get_flow import Flow, get_flow
from parley.modules.flows.service.import_flow import import_flow
from parley.modules.flows.service.list_flows import list_flows
from parley.modules.flows.service.publish import end_trial, publish_draft, publish_version, roll_back, try_version

router = resource("flows")

KeysHere = Annotated[KeyService, provided(KeyService)]
Archived = Annotated[bool, Query(description="Also those that are archived.")]


@router.get("/flows", operation_id="list_flows", summary="List flows")
async def read_flows(
    unit: UnitHere,
    keys: KeysHere,
    window: WindowHere,
    archived: Archived = False,  # noqa: FBT002 - in the query
) -> Page[FlowShape]:
    """The workspace's flows, newest first."""

    async def read(after: UUID | None, limit: int) -> Sequence[Flow]:
        return await list_flows(unit, keys, (after, limit), archived=archived)

    found, cursor = await page_of(window, read, lambda each: each.id)
    return Page(data=[FlowShape.of(each) for each in found], next_cursor=cursor)


@router.post("/flows", operation_id="import_flow", summary="Import a flow", status_code=201)
async def create_flow(
    unit: UnitHere,
    keys: KeysHere,
    document: Annotated[Document, Body()],
    publish: Annotated[bool, Query(description="Let it answer from now on.")] = False,  # noqa: FBT002 - in the query
) -> ImportedFlow:
    """Take a definition in as a new version of the flow with its `id`. Sessions under way stay on their version."""
    return ImportedFlow.of(await import_flow(unit, keys, document, publish=publish))


@router.get("/flows/{flow_id}", operation_id="get_flow", summary="Get a flow")
async def read_flow(unit: UnitHere, keys: KeysHere, flow_id: FlowPath) -> FlowShape:
    """A flow: which version answers, which is rolled out, and which was written last."""
    return FlowShape.of(await get_flow(unit, keys, flow_id))


@router.delete("/flows/{flow_id}", operation_id="delete_flow", summary="Delete a flow", status_code=204)
async def drop_flow(unit: UnitHere, flow_id: FlowPath) -> None:
    """Delete a flow with all its versions. It has to be archived, and no conversation may stand in it."""
    await delete_flow(unit, flow_id)


@router.post("/flows/{flow_id}/archive", operation_id="archive_flow", summary="Archive a flow")
async def put_away(unit: UnitHere, keys: KeysHere, flow_id: FlowPath) -> FlowShape:
    """Let it start no more. Sessions under way go on to their end."""
    await archive_flow(unit, flow_id)
    return FlowShape.of(await get_flow(unit, keys, flow_id))


@router.post("/flows/{flow_id}/restore", operation_id="restore_flow", summary="Restore a flow")
async def take_out(unit: UnitHere, keys: KeysHere, flow_id: FlowPath) -> FlowShape:
    """Take it out of the archive: its published version answers again."""
    await restore_flow(unit, flow_id)
    return FlowShape.of(await get_flow(unit, keys, flow_id))


@router.post("/flows/{flow_id}/publish", operation_id="publish_flow", summary="Publish a flow")
async def publish(unit: UnitHere, keys: KeysHere, flow_id: FlowPath, given: PublishRequest) -> PublishedFlow:
    """Publish the draft as a new version, or a version that is there. A rollout under way is over.

    Everything that the flow names in the workspace (other flows, templates) has to be there.
    """
    if given.version is not None:
        return PublishedFlow.of(await publish_version(unit, keys, flow_id, given.version))
    return PublishedFlow.of(await publish_draft(unit, keys, flow_id, given.revision))


@router.post("/flows/{flow_id}/rollback", operation_id="roll_back_flow", summary="Roll a flow back")
async def go_back(unit: UnitHere, keys: KeysHere, flow_id: FlowPath, given: RollbackRequest) -> PublishedFlow:
    """Publish an older version again. Sessions under way stay on the version that they began with."""
    return PublishedFlow.of(await roll_back(unit, keys, flow_id, given.version))


@router.put("/flows/{flow_id}/rollout", operation_id="roll_out_flow", summary="Roll a version out")
async def roll_out(unit: UnitHere, keys: KeysHere, flow_id: FlowPath, given: RolloutRequest) -> FlowShape:
    """Let a version answer some of the contacts: always the same ones, and all of them stay in when it grows."""
    await try_version(unit, keys, flow_id, given.version, given.percent)
    return FlowShape.of(await get_flow(unit, keys, flow_id))


@router.delete("/flows/{flow_id}/rollout", operation_id="stop_rollout", summary="Stop a rollout", status_code=204)
async def stop_rollout(unit: UnitHere, flow_id: FlowPath) -> None:
    """Let the published version answer everybody again. Sessions that began on the other stay on it."""
    await end_trial(unit, flow_id)
