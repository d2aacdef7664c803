"""Routes of endpoints."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from parley.core.ids import public
from parley.kit.keys import KeyService
from parley.kit.rest.ids import WebhookEndpointPath
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import UnitHere, provided, resource
from parley.modules.webhooks.domain import Endpoint
from parley.modules.webhooks.examples import DEFAULT
from parley.modules.webhooks.schemas.deliveries import TriedShape, TryRequest
from parley.modules.webhooks.schemas.endpoints import (
    DeletedEndpoint,
    EndpointChange,
    EndpointRequest,
    EndpointShape,
    EndpointWithSecretShape,
    SecretRotation,
)
from parley.modules.webhooks.service import endpoints as verbs
from parley.modules.webhooks.service.again import try_endpoint
from parley.modules.webhooks.service.rules import EndpointRules

router = resource("webhook-endpoints")

KeysHere = Annotated[KeyService, provided(KeyService)]
RulesHere = Annotated[EndpointRules, provided(EndpointRules)]


@router.post(
    "/webhook-endpoints", operation_id="create_webhook_endpoint", summary="Create a webhook endpoint", status_code=201
)
async def create(unit: UnitHere, keys: KeysHere, rules: RulesHere, given: EndpointRequest) -> EndpointWithSecretShape:
    """Have an address told of events from now on. The answer holds its secret, once.

    One of kind `meta` is `verifying` until its address answered Meta's handshake; what happens meanwhile waits.
    """
    return EndpointWithSecretShape.of(await verbs.create_endpoint(unit, keys, rules, given.to_domain()))


@router.get("/webhook-endpoints", operation_id="list_webhook_endpoints", summary="List webhook endpoints")
async def read_all(unit: UnitHere, keys: KeysHere, window: WindowHere) -> Page[EndpointShape]:
    """The workspace's endpoints, newest first."""

    async def read(after: UUID | None, limit: int) -> Sequence[Endpoint]:
        return await verbs.list_endpoints(unit, keys, after, limit)

    found, cursor = await page_of(window, read, lambda each: each.id)
    return Page(data=[EndpointShape.of(each) for each in found], next_cursor=cursor)


@router.get("/webhook-endpoints/{endpoint_id}", operation_id="get_webhook_endpoint", summary="Get a webhook endpoint")
async def read_one(unit: UnitHere, keys: KeysHere, endpoint_id: WebhookEndpointPath) -> EndpointShape:
    """An endpoint: what it is told, and whether it is."""
    return EndpointShape.of(await verbs.get_endpoint(unit, keys, endpoint_id))


@router.patch(
    "/webhook-endpoints/{endpoint_id}", operation_id="update_webhook_endpoint", summary="Change a webhook endpoint"
)
async def change(
    unit: UnitHere, keys: KeysHere, rules: RulesHere, endpoint_id: WebhookEndpointPath, given: EndpointChange
) -> EndpointShape:
    """Change what is given and leave the rest. What waits to be told goes to the new address."""
    return EndpointShape.of(await verbs.change_endpoint(unit, keys, rules, endpoint_id, given.to_domain()))


@router.delete(
    "/webhook-endpoints/{endpoint_id}", operation_id="delete_webhook_endpoint", summary="Delete a webhook endpoint"
)
async def delete(unit: UnitHere, endpoint_id: WebhookEndpointPath) -> DeletedEndpoint:
    """Forget an endpoint with its secrets and deliveries."""
    await verbs.delete_endpoint(unit, endpoint_id)
    return DeletedEndpoint(id=public("whe", endpoint_id))


@router.post(
    "/webhook-endpoints/{endpoint_id}/rotate-secret",
    operation_id="rotate_webhook_secret",
    summary="Replace an endpoint's secret",
)
async def rotate(
    unit: UnitHere, keys: KeysHere, endpoint_id: WebhookEndpointPath, given: SecretRotation | None = None
) -> EndpointWithSecretShape:
    """A fresh secret, shown once. Until the overlap ends each request carries a signature of both.

    Meta's `X-Hub-Signature-256` has room for one: it is the old secret's, until the overlap ends or you say that your
    program has the fresh one (`finish-rotation`).
    """
    overlap = timedelta(hours=given.overlap_hours if given else 24)
    return EndpointWithSecretShape.of(await verbs.rotate_secret(unit, keys, endpoint_id, overlap))


@router.post(
    "/webhook-endpoints/{endpoint_id}/finish-rotation",
    operation_id="finish_webhook_rotation",
    summary="Sign with the fresh secret only",
)
async def finish(unit: UnitHere, keys: KeysHere, endpoint_id: WebhookEndpointPath) -> EndpointShape:
    """Say that your program has the fresh secret: the replaced ones sign no more, before their time is over."""
    return EndpointShape.of(await verbs.finish_rotation(unit, keys, endpoint_id))


@router.post(
    "/webhook-endpoints/{endpoint_id}/enable",
    operation_id="enable_webhook_endpoint",
    summary="Enable a webhook endpoint",
)
async def enable(unit: UnitHere, keys: KeysHere, endpoint_id: WebhookEndpointPath) -> EndpointShape:
    """Tell an endpoint again what happens from now on. What it missed is told when you recover it."""
    return EndpointShape.of(await verbs.enable_endpoint(unit, keys, endpoint_id))


@router.post(
    "/webhook-endpoints/{endpoint_id}/test",
    operation_id="test_webhook_endpoint",
    summary="Send a test event",
    status_code=202,
)
async def try_it(
    unit: UnitHere, keys: KeysHere, endpoint_id: WebhookEndpointPath, given: TryRequest | None = None
) -> TriedShape:
    """Tell this endpoint, and no other, an example of a type of event.

    `GET /v1/webhook-deliveries?event=…` says how it went.
    """
    kind = given.type if given else DEFAULT
    event = await try_endpoint(unit, keys, endpoint_id, kind)
    return TriedShape(event_id=public("evt", event), type=kind)
