"""Two contacts are one: their conversations on each channel become one too."""

from collections.abc import Sequence

from parley.core.ids import ContactId, WorkspaceId
from parley.kit.unit import Unit
from parley.modules.contacts import Directory, merge_contacts
from parley.modules.contacts.events import ContactsMerged
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
    """Merge the contacts, then move the loser's conversations and messages. Doing it twice changes nothing more."""
    await merge_contacts(unit, directory, workspace, loser, winner)
    await _move(unit, workspace, loser, winner)


async def join_conversations(unit: Unit, merged: ContactsMerged) -> None:
    """Two contacts were merged: move the loser's conversations and messages, unless that was done with it."""
    if merged.contact is not None and merged.subject is not None:
        await _move(unit, WorkspaceId(merged.workspace), ContactId(merged.subject), ContactId(merged.contact))


async def _move(unit: Unit, workspace: WorkspaceId, loser: ContactId, winner: ContactId) -> None:
    """The loser's conversation rows stay as signposts, so that a process that still remembers the loser finds out."""
    await threads.merge_conversations(unit, workspace, loser, winner)
    await move_media(unit, workspace, loser, winner)
