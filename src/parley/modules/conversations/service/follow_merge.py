"""Two contacts are one: their conversations on each channel become one too."""

from collections.abc import Sequence

from parley.core.ids import ContactId, WorkspaceId
from parley.kit.unit import Unit
from parley.modules.contacts import Directory, merge_contacts
from parley.modules.conversations.store import threads
from parley.modules.media import move_media


class StaleContact(Exception):
    """A contact in memory, or in the vault, was merged meanwhile: finish the merge and read the batch again."""

    def __init__(self, contacts: Sequence[tuple[WorkspaceId, ContactId]]) -> None:
        super().__init__(f"{len(contacts)} contacts were merged meanwhile")
        self.contacts = contacts


async def follow_merge(
    unit: Unit, directory: Directory, workspace: WorkspaceId, loser: ContactId, winner: ContactId
) -> None:
    """Merge the contacts, then move the loser's conversations and messages. Doing it twice changes nothing more.

    The loser's conversation rows stay as signposts, so that a process that still remembers the loser finds out.
    """
    await merge_contacts(unit, directory, workspace, loser, winner)
    await threads.merge_conversations(unit, workspace, loser, winner)
    await move_media(unit, workspace, loser, winner)
