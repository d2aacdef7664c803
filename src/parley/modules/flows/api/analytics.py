"""The route of what flows did."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Query

from parley.kit.rest.ids import FlowPath
from parley.kit.rest.route import UnitHere, resource
from parley.modules.flows.api.flows import KeysHere
from parley.modules.flows.schemas.analytics import FlowAnalyticsShape
from parley.modules.flows.service.analyse import analyse

router = resource("flows")

Since = Annotated[date | None, Query(alias="from", description="The first day (UTC); else a month before the last.")]
Until = Annotated[date | None, Query(alias="to", description="The last day (UTC); else today.")]
Version = Annotated[int | None, Query(ge=1, description="Without it, the published one.")]


@dataclass(frozen=True, slots=True)
class _Window:
    version: int | None
    days: tuple[date | None, date | None]


async def _window(version: Version = None, first: Since = None, last: Until = None) -> _Window:
    return _Window(version, (first, last))


WindowHere = Annotated[_Window, Depends(_window)]


@router.get("/flows/{flow_id}/analytics", operation_id="analyse_flow", summary="What became of a flow's conversations")
async def read_analytics(
    unit: UnitHere,
    keys: KeysHere,
    flow_id: FlowPath,
    window: WindowHere,
) -> FlowAnalyticsShape:
    """How often each node was entered and left by which exit, and where people dropped off; up to this moment."""
    return FlowAnalyticsShape.of(await analyse(unit, keys, flow_id, window.version, window.days))
