"""List the flows of a workspace."""

from uuid import UUID

from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.flows.service.get_flow import Flow, opened
from parley.modules.flows.store import definitions


async def list_flows(
    unit: Unit, keys: KeyService, page: tuple[UUID | None, int], *, archived: bool = False
) -> list[Flow]:
    """A page (after, limit), newest first; with those that are archived where they are wanted too."""
    rows = await definitions.page(unit, *page, archived=archived)
    return [await opened(unit, keys, row) for row in rows]
