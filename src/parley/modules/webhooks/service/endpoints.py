"""Endpoints made, read, changed and forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import msgspec

from parley.core.errors import Conflict, InvalidInput, NotFound, fault
from parley.core.ids import WorkspaceId, new_uuid, random_bytes
from parley.core.json import JsonObject
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.webhooks.domain import MAX_ENDPOINTS, About, Buffer, Detail, Endpoint, Kind, Secret, rotated
from parley.modules.webhooks.events import WebhookEndpointDisabled, WebhookEndpointEnabled
from parley.modules.webhooks.service.open_endpoint import closed, opened
from parley.modules.webhooks.service.rules import EndpointRules
from parley.modules.webhooks.signature import KEY_BYTES, secret_of
from parley.modules.webhooks.store import endpoints as store
from parley.modules.webhooks.store import lanes

VERIFY = "webhook_handshake"
"""The lane of Meta's handshake."""
SWITCHED_OFF = "switched_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEndpoint:
    """What a caller wishes."""

    url: str
    event_types: tuple[str, ...]
    kind: Kind = "parley"
    body: Detail = "full"
    description: str | None = None
    channel_ids: tuple[UUID, ...] = ()
    tags: tuple[str, ...] = ()
    headers: dict[str, str] | None = None
    ordered: bool = False
    buffer: Buffer | None = None
    rate: int | None = None
    verify_token: str | None = None
    handshake: bool = True
    """False: an address of kind `meta` that knows no handshake (360dialog asks for none) is told at once."""


async def create_endpoint(unit: Unit, keys: KeyService, rules: EndpointRules, new: NewEndpoint) -> Endpoint:
    """A new endpoint; its secret is to be shown once. Raises InvalidInput, NotFound, Conflict."""
    rules.check(new.url, new.event_types, new.headers or {})
    channels = await rules.channels(unit, new.channel_ids)
    asks = new.kind == "meta" and new.handshake
    if asks and not new.verify_token:
        sentence = "Give the token that your address expects in Meta's handshake (hub.verify_token)."
        raise InvalidInput("The endpoint can't be like this.", [fault("/verify_token", "missing", sentence)])
    if await store.count(unit) >= MAX_ENDPOINTS:
        raise Conflict(f"There are {MAX_ENDPOINTS} endpoints already; delete one first.", code="too_many_endpoints")
    moment = now()
    endpoint = Endpoint(
        workspace=WorkspaceId(unit.workspace),
        id=new_uuid(),
        version=1,
        kind=new.kind,
        state="verifying" if asks else "active",
        reason=None,
        event_types=new.event_types,
        channel_ids=channels,
        body=new.body,
        ordered=new.ordered,
        buffer=new.buffer,
        rate=new.rate,
        about=About(
            url=new.url,
            secrets=(Secret(secret_of(random_bytes(KEY_BYTES))),),
            description=new.description,
            headers=new.headers or {},
            tags=new.tags,
            verify_token=new.verify_token,
        ),
        created_at=moment,
        updated_at=moment,
    )
    await store.add(unit, closed(await keys.scope(unit.workspace), endpoint))
    if endpoint.state == "verifying":
        unit.wake(VERIFY)
    return endpoint


async def get_endpoint(unit: Unit, keys: KeyService, wanted: UUID) -> Endpoint:
    """One endpoint. Raises NotFound."""
    row = await store.get(unit, wanted)
    if row is None:
        raise _not_found()
    return opened(await keys.scope(unit.workspace), row)


async def list_endpoints(unit: Unit, keys: KeyService, after: UUID | None, limit: int) -> list[Endpoint]:
    """A page, newest first."""
    own = await keys.scope(unit.workspace)
    return [opened(own, row) for row in await store.page(unit, after, limit)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What shall be otherwise; None leaves it. `cleared` names members that shall be empty again."""

    url: str | None = None
    event_types: tuple[str, ...] | None = None
    body: Detail | None = None
    description: str | None = None
    channel_ids: tuple[UUID, ...] | None = None
    tags: tuple[str, ...] | None = None
    headers: dict[str, str] | None = None
    ordered: bool | None = None
    buffer: Buffer | None = None
    rate: int | None = None
    verify_token: str | None = None
    cleared: Sequence[str] = ()
    active: bool | None = None


async def change_endpoint(unit: Unit, keys: KeyService, rules: EndpointRules, wanted: UUID, change: Change) -> Endpoint:
    """The endpoint as it is now. Raises NotFound, InvalidInput."""
    before = await _lock(unit, keys, wanted)
    about = _changed_about(before.about, change)
    channels = before.channel_ids if change.channel_ids is None else await rules.channels(unit, change.channel_ids)
    endpoint = replace(
        before,
        event_types=before.event_types if change.event_types is None else change.event_types,
        channel_ids=channels,
        body=change.body or before.body,
        ordered=before.ordered if change.ordered is None else change.ordered,
        buffer=None if "buffer" in change.cleared else change.buffer or before.buffer,
        rate=None if "rate" in change.cleared else change.rate or before.rate,
        about=about,
    )
    rules.check(about.url, endpoint.event_types, about.headers)
    if endpoint.kind == "meta" and before.state != "disabled" and _asks_anew(before.about, about):
        endpoint = replace(endpoint, state="verifying", reason=None)
        unit.wake(VERIFY)
    saved = await _save(unit, keys, endpoint)
    if change.active is not None:
        return await (enable_endpoint if change.active else disable_endpoint)(unit, keys, wanted)
    return saved


def _asks_anew(before: About, after: About) -> bool:
    return after.verify_token is not None and (before.url, before.verify_token) != (after.url, after.verify_token)


def _changed_about(about: About, change: Change) -> About:
    given = {
        name: value
        for name in ("url", "description", "headers", "tags", "verify_token")
        if (value := getattr(change, name)) is not None
    }
    if "description" in change.cleared:
        given["description"] = None
    return msgspec.structs.replace(about, **given)


async def enable_endpoint(unit: Unit, keys: KeyService, wanted: UUID) -> Endpoint:
    """Tell it again what happens from now on; what went wrong is forgotten. Of kind `meta`, after a new handshake."""
    before = await _lock(unit, keys, wanted)
    await store.open_lane(unit, wanted)
    if before.state in ("active", "verifying"):
        return before
    asks = before.kind == "meta" and before.about.verify_token is not None
    endpoint = replace(before, state="verifying" if asks else "active", reason=None)
    if endpoint.state == "verifying":
        unit.wake(VERIFY)
    if before.state == "disabled":
        unit.record(WebhookEndpointEnabled(workspace=unit.workspace, at=now(), subject=wanted))
    return await _save(unit, keys, endpoint)


async def disable_endpoint(unit: Unit, keys: KeyService, wanted: UUID) -> Endpoint:
    """Tell it nothing any more; what waited for it failed, and can be recovered later."""
    before = await _lock(unit, keys, wanted)
    if before.state != "disabled":
        await lanes.disable(unit, {(before.workspace, wanted): SWITCHED_OFF})
        detail: JsonObject = {"reason": SWITCHED_OFF}
        unit.record(WebhookEndpointDisabled(workspace=unit.workspace, at=now(), subject=wanted, detail=detail))
    return await get_endpoint(unit, keys, wanted)


async def rotate_secret(unit: Unit, keys: KeyService, wanted: UUID, overlap: timedelta) -> Endpoint:
    """A fresh secret, to be shown once; until the overlap ends both sign."""
    before = await _lock(unit, keys, wanted)
    moment = now().timestamp()
    fresh = secret_of(random_bytes(KEY_BYTES))
    secrets = rotated(before.about.secrets, fresh, moment + overlap.total_seconds(), moment)
    return await _save(unit, keys, replace(before, about=msgspec.structs.replace(before.about, secrets=secrets)))


async def finish_rotation(unit: Unit, keys: KeyService, wanted: UUID) -> Endpoint:
    """The receiver has the fresh secret: from now on no other signs."""
    before = await _lock(unit, keys, wanted)
    secrets = before.about.secrets[:1]
    return await _save(unit, keys, replace(before, about=msgspec.structs.replace(before.about, secrets=secrets)))


async def delete_endpoint(unit: Unit, wanted: UUID) -> None:
    """Forget it and its deliveries. Raises NotFound."""
    if not await store.delete(unit, wanted):
        raise _not_found()


async def _lock(unit: Unit, keys: KeyService, wanted: UUID) -> Endpoint:
    row = await store.lock(unit, wanted)
    if row is None:
        raise _not_found()
    return opened(await keys.scope(unit.workspace), row)


async def _save(unit: Unit, keys: KeyService, endpoint: Endpoint) -> Endpoint:
    saved = replace(endpoint, updated_at=now())
    await store.save(unit, closed(await keys.scope(unit.workspace), saved))
    return replace(saved, version=saved.version + 1)


def _not_found() -> NotFound:
    return NotFound("There is no such endpoint in this workspace; GET /v1/webhook-endpoints lists yours.")
