"""Routes of the API's logs."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import AwareDatetime, WithJsonSchema

from parley.core.ids import parse_public
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.rest import ids
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import UnitHere, provided, resource
from parley.modules.accounts import choose_allowance, read_allowance
from parley.modules.partners.domain import Wanted
from parley.modules.partners.schemas.logs import (
    ApiLogDetail,
    ApiLogShape,
    ApiSettingsChange,
    ApiSettingsShape,
    CaptureList,
    CaptureRequest,
    CaptureShape,
    members_of,
)
from parley.modules.partners.service.capture import captured, end_capture, start_capture
from parley.modules.partners.service.read import get_log, list_logs, lookup_of
from parley.modules.partners.store import captures
from parley.modules.partners.store.logs import Logged

router = resource("api-logs")
settings = resource("api-settings")


KeysHere = Annotated[KeyService, provided(KeyService)]
OfKey = Annotated[str | None, Query(pattern=r"^key_[0-9a-f]{32}$", description="Only those with this API key.")]
KeyPath = Annotated[UUID, ids.reader(ids.KEY), WithJsonSchema(ids.schema_of(ids.KEY))]
RequestPath = Annotated[UUID, ids.reader(ids.REQUEST), WithJsonSchema(ids.schema_of(ids.REQUEST))]
_Status = Annotated[str | None, Query(pattern=r"^[1-5](xx|\d\d)$", description="`404`, or a class: `4xx`.")]
_Method = Annotated[str | None, Query(pattern=r"^[A-Z]{3,7}$", description="`GET`, `POST`, …")]
_Route = Annotated[
    str | None, Query(max_length=200, description="As documented.", examples=["/v1/messages/{message_id}"])
]
_Error = Annotated[str | None, Query(pattern=r"^[a-z_]{1,60}$", description="A problem's `code`.")]
_Made = Annotated[
    str | None, Query(pattern=r"^[a-z]{3}_[0-9a-f]{32}$", description="The request that made this thing.")
]
_OnceKey = Annotated[str | None, Query(max_length=255, description="Those that came with this Idempotency-Key.")]


class _What:
    """Filters on what was asked and answered."""

    def __init__(
        self,
        method: _Method = None,
        route: _Route = None,
        status: _Status = None,
        error: _Error = None,
        made: _Made = None,
    ) -> None:
        self.method, self.route, self.status, self.error, self.made = method, route, status, error, made

    @property
    def bounds(self) -> tuple[int, int]:
        """The lowest and highest status."""
        status = self.status or "xxx"
        return int(status.replace("x", "0")) or 100, int(status.replace("x", "9"))


class _Who:
    """Filters on who asked, and when."""

    def __init__(
        self,
        key: OfKey = None,
        idempotency_key: _OnceKey = None,
        since: Annotated[AwareDatetime | None, Query(description="From this moment on.")] = None,
        until: Annotated[AwareDatetime | None, Query(description="Before this moment.")] = None,
    ) -> None:
        self.key, self.idempotency_key, self.since, self.until = key, idempotency_key, since, until


@router.get("/api-logs", operation_id="list_api_logs", summary="List requests to the API")
async def read_logs(
    unit: UnitHere,
    keys: KeysHere,
    window: WindowHere,
    what: Annotated[_What, Depends()],
    who: Annotated[_Who, Depends()],
) -> Page[ApiLogShape]:
    """Every request of the workspace's keys, also those that were refused, newest first, about a second after it came.

    Nothing that was written in a request is here: no key, no text, no value of a query.
    """
    lowest, highest = what.bounds
    wanted = Wanted(
        key=parse_public(ids.KEY, who.key) if who.key else None,
        route=what.route,
        method=what.method,
        lowest=lowest,
        highest=highest,
        error=what.error,
        idempotency=await lookup_of(unit, keys, who.idempotency_key) if who.idempotency_key else None,
        made=what.made,
        since=who.since,
        until=who.until,
    )

    async def read(after: UUID | None, limit: int) -> Sequence[Logged]:
        return await list_logs(unit, after, limit, wanted)

    found, cursor = await page_of(window, read, lambda each: each.id)
    own = await keys.scope(unit.workspace)
    return Page(data=[ApiLogShape.of(each, own.data) for each in found], next_cursor=cursor)


@router.get("/api-logs/captures", operation_id="list_captures", summary="List the keys whose bodies are captured")
async def read_captures(unit: UnitHere) -> CaptureList:
    """Whose bodies are kept now, and until when."""
    return CaptureList(data=[CaptureShape.of(each) for each in await captures.rules(unit, now())])


@router.put("/api-logs/captures/{key_id}", operation_id="start_capture", summary="Capture a key's bodies")
async def put_capture(unit: UnitHere, key_id: KeyPath, given: CaptureRequest) -> CaptureShape:
    """Keep the bodies of this key's requests and answers for some hours, to find a fault; shown with each request.

    They are sealed, and redacted before: words of the API, numbers, times and ids are kept; any text that somebody
    wrote, and every secret, is told by its length only. They are forgotten after 72 hours.
    """
    return CaptureShape.of(await start_capture(unit, key_id, given.hours, now()))


@router.delete(
    "/api-logs/captures/{key_id}", operation_id="end_capture", summary="Stop capturing a key's bodies", status_code=204
)
async def delete_capture(unit: UnitHere, key_id: KeyPath) -> None:
    """Keep no more of them, and forget what was kept."""
    await end_capture(unit, key_id)


@router.get("/api-logs/{request_id}", operation_id="get_api_log", summary="Get a request to the API")
async def read_log(unit: UnitHere, keys: KeysHere, request_id: RequestPath) -> ApiLogDetail:
    """A request by the `Request-Id` of its answer."""
    found = await get_log(unit, request_id)
    own = await keys.scope(unit.workspace)
    bodies = await captured(unit, keys, request_id, now())
    return ApiLogDetail.model_validate({**members_of(found, own.data), "captured": bodies})


@settings.get("/api-settings", operation_id="get_api_settings", summary="Get the limits of the API's use")
async def read_settings(unit: UnitHere) -> ApiSettingsShape:
    """How much of the API the workspace may use, and how long its logs are kept."""
    return ApiSettingsShape.of(await read_allowance(unit))


@settings.patch("/api-settings", operation_id="update_api_settings", summary="Change the limits of the API's use")
async def change_settings(unit: UnitHere, given: ApiSettingsChange) -> ApiSettingsShape:
    """Choose other limits, or null for the usual ones. They count at once."""
    chosen = given.applied(await read_allowance(unit))
    await choose_allowance(unit, chosen)
    return ApiSettingsShape.of(chosen)
