"""Work on many conversations of a workspace in one unit; where that fails on each alone."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import structlog

from parley.core.errors import Unavailable
from parley.core.ids import WorkspaceId
from parley.kit.unit import Unit, Units

Item = TypeVar("Item")

log = structlog.get_logger("parley.flows")


async def in_one_unit(
    units: Units,
    workspace: WorkspaceId,
    items: Sequence[Item],
    work: Callable[[Unit, Sequence[Item]], Awaitable[int]],
    put_off: Callable[[Unit, Item], Awaitable[None]],
) -> int:
    """How many were worked on. One that cannot go on stops no other: it is put off."""
    try:
        async with units.begin(workspace) as unit:
            return await work(unit, items)
    except Unavailable:
        raise
    except Exception:
        if len(items) > 1:
            return sum([await in_one_unit(units, workspace, [item], work, put_off) for item in items])
        log.exception("A conversation cannot go on; it is tried again.", action="turn_failed", what=str(items[0]))
    async with units.begin(workspace) as unit:
        await put_off(unit, items[0])
    return 1
