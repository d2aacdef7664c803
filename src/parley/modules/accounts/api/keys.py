"""Routes of API keys, of their scopes, and for reporting a leaked one."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from parley.core.time import now
from parley.kit.rest.ids import KeyPath
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import PublicRoute, UnitHere, provided, resource
from parley.modules.accounts.api.caller import PrincipalHere
from parley.modules.accounts.schemas.keys import (
    ApiKeyChange,
    ApiKeyShape,
    KeyRotation,
    LeakedKey,
    LeakTaken,
    NewApiKey,
    NewApiKeyShape,
    ScopeShape,
)
from parley.modules.accounts.scopes import RESOURCES
from parley.modules.accounts.service.change_key import change_key, revoke_key, rotate_key
from parley.modules.accounts.service.create_key import KeyDesk, create_key
from parley.modules.accounts.service.read_keys import ApiKey, get_key, list_keys
from parley.modules.accounts.service.report_leak import report_leak

router = resource("api-keys")
scopes = resource("scopes")
leaks = resource("api-keys", route=PublicRoute)
ROUTERS = (router, scopes, leaks)

DeskHere = Annotated[KeyDesk, provided(KeyDesk)]
CREATED, ACCEPTED, NO_CONTENT = 201, 202, 204


@router.post("/api-keys", operation_id="create_api_key", summary="Create an API key", status_code=CREATED)
async def create(unit: UnitHere, desk: DeskHere, maker: PrincipalHere, given: NewApiKey) -> NewApiKeyShape:
    """Make a key that can do no more than yours. The answer holds it in whole, this once."""
    made = await create_key(unit, desk, given.terms(now()), maker)
    return NewApiKeyShape.made(await get_key(unit, desk.keys, made.id), made.secret)


@router.get("/api-keys", operation_id="list_api_keys", summary="List API keys")
async def read_keys(unit: UnitHere, desk: DeskHere, window: WindowHere) -> Page[ApiKeyShape]:
    """The workspace's keys, newest first; revoked ones too."""

    async def read(after: UUID | None, limit: int) -> Sequence[ApiKey]:
        return await list_keys(unit, desk.keys, after, limit)

    found, cursor = await page_of(window, read, lambda each: each.id)
    return Page(data=[ApiKeyShape.of(each) for each in found], next_cursor=cursor)


@router.get("/api-keys/{key_id}", operation_id="get_api_key", summary="Get an API key")
async def read_key(unit: UnitHere, desk: DeskHere, key_id: KeyPath) -> ApiKeyShape:
    """What a key may do, who made it, and when it was last used."""
    return ApiKeyShape.of(await get_key(unit, desk.keys, key_id))


@router.patch("/api-keys/{key_id}", operation_id="update_api_key", summary="Update an API key")
async def update(
    unit: UnitHere, desk: DeskHere, maker: PrincipalHere, key_id: KeyPath, given: ApiKeyChange
) -> ApiKeyShape:
    """Change a key that can do no more than yours. It holds from the next request on."""
    return ApiKeyShape.of(await change_key(unit, desk, key_id, given.apply, maker))


@router.delete("/api-keys/{key_id}", operation_id="revoke_api_key", summary="Revoke an API key", status_code=NO_CONTENT)
async def revoke(unit: UnitHere, desk: DeskHere, key_id: KeyPath) -> None:
    """End a key, for good and at once. It stays in the list, so that what it did can be told."""
    await revoke_key(unit, desk.keys, key_id)


@router.post(
    "/api-keys/{key_id}/rotate", operation_id="rotate_api_key", summary="Rotate an API key", status_code=CREATED
)
async def rotate(
    unit: UnitHere, desk: DeskHere, maker: PrincipalHere, key_id: KeyPath, given: KeyRotation
) -> NewApiKeyShape:
    """Give a key a new secret. The one before works on for `overlap_seconds`; 0 ends it at once."""
    made = await rotate_key(unit, desk, key_id, timedelta(seconds=given.overlap_seconds), maker)
    return NewApiKeyShape.made(await get_key(unit, desk.keys, made.id), made.secret)


@scopes.get("/scopes", operation_id="list_scopes", summary="List scopes")
async def read_scopes() -> Page[ScopeShape]:
    """Every resource that a scope may name. `*` alone is all of them."""
    return Page(data=[ScopeShape.of(each) for each in RESOURCES.values()], next_cursor=None)


@leaks.post("/leaked-keys", operation_id="report_leaked_key", summary="Report a leaked key", status_code=ACCEPTED)
async def report(unit: UnitHere, desk: DeskHere, given: LeakedKey) -> LeakTaken:
    """Tell of a key found in the open. If there is such a key it is revoked at once; the answer is always the same."""
    await report_leak(unit, desk.keys, given.key, given.source_url)
    return LeakTaken()
