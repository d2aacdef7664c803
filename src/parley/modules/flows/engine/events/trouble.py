"""What an author has to know because it did not go as meant."""

from parley.modules.flows.engine.event import SprintEvent


class NodeFailed(SprintEvent, frozen=True):
    """A node could not do its work; `sentence` tells the author what to mend."""

    node: str
    sentence: str

    def told(self) -> str | None:
        return f"node {self.node!r}: {self.sentence}"


class LimitHit(SprintEvent, frozen=True):
    """A limit of `engine.limits` held; `limit` is its name."""

    limit: str
    sentence: str

    def told(self) -> str | None:
        return f"limit {self.limit}: {self.sentence}"


class ResumeIgnored(SprintEvent, frozen=True):
    """What came does not belong to the wait that holds (an answer twice, a message during a request)."""

    reason: str

    def told(self) -> str | None:
        return f"ignored: {self.reason}"
