"""What colleagues are asked to do."""

from parley.modules.flows.engine.event import SprintEvent


class HandedOver(SprintEvent, frozen=True):
    """People take over. A FlowEnded follows."""

    team: str | None
    priority: str
    summary: str

    def told(self) -> str | None:
        return f"handed over to {self.team or 'anyone'}, {self.priority} priority: {self.summary or 'no summary'}"


class Closed(SprintEvent, frozen=True):
    """Nothing is left to do in this conversation. A FlowEnded follows."""

    def told(self) -> str | None:
        return "the conversation is closed"
