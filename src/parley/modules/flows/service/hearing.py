"""What a message means to the conversation it came into. Pure."""

from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from msgspec.structs import replace

from parley.core.ids import moment_of, public
from parley.core.json import JsonValue
from parley.core.time import now
from parley.modules.conversations import Heard, Thread, speaker
from parley.modules.conversations.events import MessageReceived, StoredSession
from parley.modules.flows.engine import Chosen, Input
from parley.modules.flows.events import FlowTriggered
from parley.modules.flows.service.shelf import Version
from parley.modules.flows.service.turn import Turn
from parley.modules.flows.store import sessions

NOT_ANSWERS = frozenset(("reaction", "system", "unsupported", "unknown", "errors"))
"""Kinds that a person does not mean as an answer."""
WHOLE = frozenset(("interactive", "button", "order", "reaction"))
"""Kinds that are an answer by themselves, such as a tap: nobody goes on writing after them."""
EXPLICIT = frozenset(("payload", "keyword"))
"""Triggers by which a flow may claim even the words by which people opt out."""
LONGEST_PAUSES = 5
"""Who writes without a pause is answered after so many pauses all the same."""
USUAL_PAUSE = timedelta(seconds=2)
"""For fragments that follow one which waits, where no flow says how long."""

Found: TypeAlias = tuple[Version, Chosen]
"""What a message starts, and why."""


def as_stored(row: sessions.SessionRow) -> StoredSession:
    """A session's row as it comes along with a message."""
    return StoredSession(
        row.id,
        row.flow,
        row.flow_version,
        row.version,
        row.effect,
        row.timer_at,
        row.state,
        row.began_with,
        row.began_state,
    )


def answered_at(first: UUID, moment: datetime, pause: timedelta) -> datetime:
    """When they are answered who paused for so long, or who writes and writes."""
    longest: datetime = moment_of(first) + LONGEST_PAUSES * pause
    return min(moment + pause, longest)


def means_nothing(turn: Turn, given: Input, found: Found | None) -> bool:
    """Whether a message is no answer now: a reaction starts flows and nothing else, and an effect is waited for."""
    if given.kind == "reaction":
        return turn.session is not None or found is None or not given.text
    return turn.session is not None and turn.session.effect is not None and turn.began_with is None


def triggered(thread: Thread, version: Version, chosen: Chosen) -> FlowTriggered:
    lost: list[JsonValue] = [public("flw", UUID(each)) for each in chosen.lost]
    return FlowTriggered(
        workspace=thread.workspace,
        at=now(),
        contact=thread.contact,
        conversation=thread.id,
        subject=version.flow,
        detail={"by": chosen.by, "reason": chosen.told, "version": version.number, "lost": lost},
    )


def input_of(heard: Heard) -> Input:
    content = heard.content
    file = content.body.get("id")
    given = Input.of(
        content,
        file if isinstance(file, str) else None,
        message=public("msg", heard.message),
        provider_id=heard.provider_id,
    )
    return replace(given, text=str(content.body.get("emoji") or "")) if content.kind == "reaction" else given


def interrupts(found: Found | None, current: Version, given: Input) -> bool:
    """Whether a typed word is the keyword of another flow: then the person means that one, whatever was asked."""
    if found is None or given.payload is not None:
        return False
    version, chosen = found
    return chosen.by == "keyword" and version.flow != current.flow


def is_for_the_bot(received: MessageReceived) -> bool:
    return (
        received.is_live
        and speaker(received.thread, now()) == "bot"
        and received.arrival.content.kind not in NOT_ANSWERS - {"reaction"}
    )
