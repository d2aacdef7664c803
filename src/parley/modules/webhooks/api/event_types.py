"""Routes of the catalogue of events, and of the signature checker."""

from typing import Annotated

from fastapi import Path

from parley.core.errors import NotFound
from parley.core.time import unix_seconds
from parley.kit.rest.pages import Page
from parley.kit.rest.route import resource
from parley.modules.webhooks.catalogue import VERSION, schema_of_type, sentences
from parley.modules.webhooks.examples import document_of
from parley.modules.webhooks.schemas.event_types import (
    EventTypeShape,
    EventTypeWithSchemaShape,
    FindingShape,
    SignatureRequest,
    SignatureShape,
)
from parley.modules.webhooks.signature_check import check

router = resource("event-types")
of_endpoints = resource("webhook-endpoints")

TypePath = Annotated[str, Path(max_length=80, pattern=r"^[a-z_]+\.[a-z_]+$", examples=["message.received"])]


@router.get("/event-types", operation_id="list_event_types", summary="List types of events")
async def read_all() -> Page[EventTypeShape]:
    """Every type of event there is, by name, with an example; all of them on one page."""
    return Page(data=[EventTypeShape.model_validate(_members(each)) for each in sentences()], next_cursor=None)


@router.get("/event-types/{type}", operation_id="get_event_type", summary="Get a type of event")
async def read_one(type: TypePath) -> EventTypeWithSchemaShape:
    """A type of event, with the JSON Schema of its documents."""
    if type not in sentences():
        raise NotFound("There is no such type of event; GET /v1/event-types lists them.")
    return EventTypeWithSchemaShape.model_validate({**_members(type), "json_schema": schema_of_type(type)})


def _members(kind: str) -> dict[str, object]:
    return {
        "type": kind,
        "description": sentences()[kind],
        "version": VERSION,
        "schema_url": f"/v1/schemas/events/{kind}.json",
        "example": document_of(kind),
    }


@of_endpoints.post(
    "/webhook-endpoints/check-signature", operation_id="check_webhook_signature", summary="Check a webhook's signature"
)
async def check_signature(given: SignatureRequest) -> SignatureShape:
    """Say why your program does not accept a webhook: which part of it is wrong. Nothing of it is kept."""
    findings = check(given.secret, given.headers, given.body.encode(), unix_seconds())
    told = [FindingShape(part=each.part, ok=each.ok, detail=each.detail) for each in findings]
    return SignatureShape(valid=all(each.ok for each in findings), findings=told)
