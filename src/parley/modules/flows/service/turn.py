"""One conversation's turn: where its session stands, and everything its sprints brought, in order."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from parley.core.ids import new_uuid
from parley.modules.conversations import Thread
from parley.modules.flows.engine import Pause, Session, Sprint, SprintEvent, StillWaiting
from parley.modules.flows.service.shelf import Version


@dataclass(slots=True)
class Turn:
    """What is carried out together for a conversation."""

    thread: Thread
    to: dict[str, str]
    version: Version | None = None
    """The flow that the session began with."""
    session_id: UUID | None = None
    session: Session | None = None
    number: int = 0
    """The stored session's version number."""
    stored: bool = False
    effect: UUID | None = None
    timer_at: datetime | None = None
    wait: Pause | None = None
    """What a sprint of this turn began to wait for; None where the stored wait holds on."""
    sprints: list[tuple[Version, Sprint]] = field(default_factory=list)

    def take(self, version: Version, sprint: Sprint) -> None:
        """The session goes on from here."""
        self.sprints.append((version, sprint))
        self.version = version
        self.session = sprint.session
        if not isinstance(sprint.wait, StillWaiting):
            self.wait = sprint.wait
        if sprint.session is not None and self.session_id is None:
            self.session_id = new_uuid()
        if sprint.session is None:
            self.session_id = self.effect = self.timer_at = None


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a turn's sprint, and the flow that the session began with."""

    turn: Turn
    version: Version
    event: SprintEvent
