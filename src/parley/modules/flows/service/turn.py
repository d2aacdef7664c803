"""One conversation's turn: where its session stands, and everything its sprints brought, in order."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from parley.core.ids import new_uuid
from parley.modules.conversations import Thread
from parley.modules.flows.engine import (
    Pause,
    Recorded,
    Resume,
    Run,
    Session,
    Sprint,
    SprintEvent,
    StillWaiting,
    Trigger,
    World,
    record,
    resume,
    start,
)
from parley.modules.flows.service.shelf import Version


@dataclass(frozen=True, slots=True)
class Ran:
    """A sprint, the flow its session began with, and what it was given. `number` is 0 where it changed nothing."""

    version: Version
    sprint: Sprint
    session: UUID
    number: int
    recorded: Recorded
    runs: tuple[Run, ...] = ()
    """Those that the session stood in before it."""


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
    sprints: list[Ran] = field(default_factory=list)
    heard_from: UUID | None = None
    """The first message that this turn answers, where the flow waits for pauses."""
    before: Session | None = None
    """The session before this turn; None: it begins with it."""
    began_with: UUID | None = None
    """As stored: the first message of a turn that may be given up and begun again."""
    went_back: bool = False
    held: tuple[UUID, datetime] | None = None
    """Nothing is answered yet: the first message that waits for a pause, and until when."""

    def go_back(self) -> None:
        """Give this turn up: the session is what it was before."""
        self.session, self.effect, self.timer_at, self.went_back = self.before, None, None, True
        if self.before is None:
            self.version = self.session_id = None

    def start(self, version: Version, trigger: Trigger, world: World) -> None:
        """Begin a session, which takes the place of the one that was."""
        self.version = version
        self.session_id = new_uuid()
        sprint = start(version.definition, trigger, world)
        self._take(Ran(version, sprint, self.session_id, 1, record(trigger, world, sprint)))

    def resume(self, came: Resume, world: World) -> None:
        """Go on with the session. Raises ValueError when there is none."""
        if self.version is None or self.session is None or self.session_id is None:
            raise ValueError("There is no session to go on with.")
        sprint = resume(self.version.definition, self.session, came, world)
        number = 0 if isinstance(sprint.wait, StillWaiting) else self.session.sprints + 1
        recorded = record(came, world, sprint)
        self._take(Ran(self.version, sprint, self.session_id, number, recorded, self.session.runs))

    def _take(self, ran: Ran) -> None:
        self.sprints.append(ran)
        self.session = ran.sprint.session
        if not isinstance(ran.sprint.wait, StillWaiting):
            self.wait = ran.sprint.wait
        if self.session is None:
            self.session_id = self.effect = self.timer_at = None


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of a turn's sprint, and the flow that the session began with."""

    turn: Turn
    version: Version
    event: SprintEvent
