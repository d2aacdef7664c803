"""Close conversations that are dealt with; the person's next message opens them again."""

from collections.abc import Sequence

from parley.core.time import now
from parley.kit.unit import Unit
from parley.modules.conversations.domain import Thread
from parley.modules.conversations.events import ConversationClosed, ConversationOpened
from parley.modules.conversations.store import threads as store


async def close(unit: Unit, threads: Sequence[Thread]) -> None:
    """Nothing is left to do in these. One that is closed already stays as it is."""
    for thread in await _set(unit, threads, "closed"):
        unit.record(
            ConversationClosed(workspace=thread.workspace, at=now(), conversation=thread.id, contact=thread.contact)
        )


async def reopen(unit: Unit, threads: Sequence[Thread]) -> None:
    """Something came in these."""
    for thread in await _set(unit, threads, "open"):
        unit.record(
            ConversationOpened(workspace=thread.workspace, at=now(), conversation=thread.id, contact=thread.contact)
        )


async def _set(unit: Unit, threads: Sequence[Thread], state: str) -> list[Thread]:
    changed = await store.set_state(unit, [(thread.workspace, thread.id) for thread in threads], state)
    return [thread for thread in threads if thread.id in changed]
