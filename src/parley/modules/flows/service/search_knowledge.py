"""Search the workspace's documents for a flow."""

from parley.core.ids import WorkspaceId, public
from parley.modules.flows.engine import Answer, Effect, EffectFailed, FoundPassage, KnowledgeAnswer, KnowledgeEffect
from parley.modules.knowledge import Finder


class KnowledgeSearch:
    """The Performer of `knowledge`."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder

    async def perform(self, effect: Effect, workspace: WorkspaceId) -> Answer:
        """The passages; none where nothing fits."""
        if not isinstance(effect, KnowledgeEffect):
            return EffectFailed(reason="This is no search.")
        found = await self._finder.search(workspace, effect.query, effect.most)
        return KnowledgeAnswer(
            passages=tuple(
                FoundPassage(
                    document=public("kdc", each.document), title=each.title, section=each.section, text=each.text
                )
                for each in found
            )
        )
