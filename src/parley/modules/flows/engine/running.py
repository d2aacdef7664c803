"""A run at work: one flow of a session, during one sprint."""

from typing import TYPE_CHECKING

from parley.modules.flows.engine.session import Run

if TYPE_CHECKING:
    from parley.modules.flows.engine.definition import Definition


class Running:
    """One run of the session at work."""

    __slots__ = ("attempts", "definition", "flow", "node", "notes", "number", "variables")

    def __init__(self, definition: "Definition", run: Run) -> None:
        self.definition = definition
        self.flow = run.flow
        self.number = run.number
        self.node = run.node
        self.attempts = run.attempts
        self.variables = dict(run.variables)
        self.notes = dict(run.notes)

    def kept(self) -> Run:
        """What outlives the sprint."""
        return Run(
            node=self.node,
            variables=self.variables,
            attempts=self.attempts,
            flow=self.flow,
            version=0 if self.flow is None else self.definition.version,
            number=self.number,
            notes=self.notes,
        )
