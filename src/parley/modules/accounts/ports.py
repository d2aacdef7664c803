"""What accounts need from the rooms above."""

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from parley.core.ids import WorkspaceId


class ChannelModes(Protocol):
    """Which channels there are, for keys are bound to some."""

    async def modes_of(self, workspace: WorkspaceId) -> Mapping[UUID, bool]:
        """The channels of a workspace, and whether each is its test channel."""
        ...
