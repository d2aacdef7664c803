"""Facts about flows."""

from dataclasses import dataclass
from typing import ClassVar

from parley.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowPublished(Event):
    """`subject` is the flow; `detail` has the version."""

    kind: ClassVar[str] = "flow.published"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRolledOut(Event):
    """A version answers some of the contacts, or none any more; `detail` has the version and the percentage."""

    kind: ClassVar[str] = "flow.rollout_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowArchived(Event):
    """A flow was put away and starts no more; sessions under way go on."""

    kind: ClassVar[str] = "flow.archived"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowTriggered(Event):
    """A flow began; `detail` has by what, why without anybody's words, and who could have begun too."""

    kind: ClassVar[str] = "flow.triggered"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowCompleted(Event):
    """A session is over; `detail` has the outcome."""

    kind: ClassVar[str] = "flow.completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowStumbled(Event):
    """A limit held or a node could not do its work; `detail` says which and what to do."""

    kind: ClassVar[str] = "flow.stumbled"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowTold(Event):
    """A flow tells its author's own event; `detail` has its name, what it says is told beside it as `data`."""

    kind: ClassVar[str] = "flow.event"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRequestsFailing(Event):
    """A system that a node asks is away or too slow again and again; `detail` says how many of its last requests."""

    kind: ClassVar[str] = "flow.requests_failing"
