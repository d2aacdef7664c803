"""Know the people who came last before they write again: a worker that begins looks up nobody one by one."""

from collections.abc import Sequence
from uuid import UUID

from parley.core.ids import WorkspaceId
from parley.kit.unit import Units
from parley.modules.contacts.service.recognise import Directory
from parley.modules.contacts.store import contacts as store

MOST = 50_000
"""People remembered at the start, about 55 MB and two seconds of CPU; the directory holds more."""
LEAST_SHARE = 100
"""Of each workspace, however many there are."""
STEP = 100
"""Read at once: a few milliseconds, for messages are read meanwhile."""


async def warm_up(units: Units, directory: Directory, workspaces: Sequence[WorkspaceId]) -> None:
    """Remember the newest contacts of these workspaces, each its share."""
    share = max(LEAST_SHARE, MOST // max(1, len(workspaces)))
    for workspace in workspaces[: MOST // LEAST_SHARE]:
        await _warm_up(units, directory, workspace, share)


async def _warm_up(units: Units, directory: Directory, workspace: WorkspaceId, share: int) -> None:
    before: UUID | None = None
    for _ in range(0, share, STEP):
        async with units.begin(workspace) as unit:
            rows = await store.page(unit, before, min(STEP, share))
        await directory.expect(rows)
        if len(rows) < STEP:
            return
        before = rows[-1].id
