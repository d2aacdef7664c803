"""The way a session takes: its runs, the nodes they leave, its end."""

from parley.modules.flows.engine.event import SprintEvent


class RunEntered(SprintEvent, frozen=True):
    """A flow was entered as a run of its own; `parent` waits for its result, None for one that a jump began."""

    run: int
    flow: str
    version: int
    parent: int | None = None

    def told(self) -> str | None:
        return f"enters the flow {self.flow!r}"


class RunEnded(SprintEvent, frozen=True):
    """A run is over and its session goes on: in its parent, or in the flow that it jumped to."""

    run: int
    outcome: str

    def told(self) -> str | None:
        return f"comes back: {self.outcome}"


class StepTaken(SprintEvent, frozen=True):
    """A node was left by an exit: what counts and drop-off are made of. `run` tells whose node it is."""

    node: str
    exit: str
    run: int = 1

    def told(self) -> str | None:
        return None


class FlowEnded(SprintEvent, frozen=True):
    """The session is over: the author's outcome, or `completed`, `handed_over`, `expired`, `failed`, `limit`."""

    outcome: str

    def told(self) -> str | None:
        return f"the conversation ended: {self.outcome}"
