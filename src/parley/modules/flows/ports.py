"""What flows need from the world."""

from typing import Protocol

from parley.core.ids import WorkspaceId
from parley.modules.flows.engine.effect import Answer, Effect


class Performer(Protocol):
    """Does the effects of one kind, outside any transaction. There is one for each file of `engine/effects/`."""

    async def perform(self, effect: Effect, workspace: WorkspaceId) -> Answer:
        """What came of it, for this workspace; EffectFailed with a sentence for the author when nothing did.

        May be called again after a crash, so whatever it changes elsewhere has to bear being asked for twice.
        """
