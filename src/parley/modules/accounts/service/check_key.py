"""Tell whether a key is this workspace's."""

from uuid import UUID

from parley.core.errors import NotFound
from parley.kit.unit import Unit
from parley.modules.accounts.store import keys as store


async def check_key(unit: Unit, key: UUID) -> None:
    """Raises NotFound when the workspace has no such key."""
    if await store.one(unit, key) is None:
        raise NotFound("There is no such API key in this workspace.")
