"""Who asks, for routes of accounts."""

from typing import Annotated

from fastapi import Depends, Request

from parley.modules.accounts.domain import Principal


async def _principal(request: Request) -> Principal:
    principal: Principal = request.state.principal
    return principal


PrincipalHere = Annotated[Principal, Depends(_principal)]
