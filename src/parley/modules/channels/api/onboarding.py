"""Routes of bringing numbers in by Embedded Signup."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Response

from parley.core.errors import Forbidden
from parley.core.ids import WorkspaceId
from parley.kit.rest.ids import OnboardingPath
from parley.kit.rest.pages import Page, WindowHere, page_of
from parley.kit.rest.route import CallerHere, FinishHere, OutsideRoute, UnitHere, WorkspaceHere, provided, resource
from parley.kit.unit import Unit
from parley.modules.channels.schemas import OnboardingRequest, OnboardingShape
from parley.modules.channels.service.onboard import Onboarding, OnboardingDesk, Signup

router = resource("channels")
outside = resource("channels", route=OutsideRoute)

DeskHere = Annotated[OnboardingDesk, provided(OnboardingDesk)]


@outside.post(
    "/onboarding",
    operation_id="onboard_number",
    summary="Bring a customer's number in",
    status_code=201,
    response_model=OnboardingShape,
)
async def onboard(
    desk: DeskHere, workspace: WorkspaceHere, caller: CallerHere, finish: FinishHere, given: OnboardingRequest
) -> Response:
    """Take what Embedded Signup handed over: the code is exchanged and the number becomes a channel.

    Each step is kept. When one failed, `state` is `failed` and the step says why: mend it and ask again with the same
    number; what is done is not done again. A new `code` is needed only while the first step is not done.
    """
    if caller.bounds is not None and not caller.bounds.hidden:
        raise Forbidden("This key is for some channels only; bring numbers in with one that is not.")
    signup = Signup(
        code=given.code,
        number_id=given.phone_number_id.strip(),
        account_id=given.waba_id.strip(),
        coexistence=given.coexistence,
        pin=given.pin,
    )
    known = await desk.onboard(WorkspaceId(workspace), caller, signup)

    async def shown(_: Unit) -> OnboardingShape:
        return OnboardingShape.of(known)

    return await finish(given.model_dump_json().encode(), shown)


@router.get("/onboarding", operation_id="list_onboardings", summary="List onboardings")
async def read_onboardings(unit: UnitHere, desk: DeskHere, window: WindowHere) -> Page[OnboardingShape]:
    """Numbers that were brought in, or are on their way, newest first."""

    async def read(after: UUID | None, limit: int) -> Sequence[Onboarding]:
        return await desk.page(unit, after, limit)

    found, cursor = await page_of(window, read, lambda each: each.id)
    return Page(data=[OnboardingShape.of(each) for each in found], next_cursor=cursor)


@router.get("/onboarding/{onboarding_id}", operation_id="get_onboarding", summary="Get an onboarding")
async def read_onboarding(unit: UnitHere, desk: DeskHere, onboarding_id: OnboardingPath) -> OnboardingShape:
    """How far a number came, step by step."""
    return OnboardingShape.of(await desk.get(unit, onboarding_id))
