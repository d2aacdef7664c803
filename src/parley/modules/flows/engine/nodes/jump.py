"""Jump: go on in another flow."""

from collections.abc import Iterator
from typing import ClassVar

from parley.modules.flows.engine.fields import Dependency, FlowName, Given, Target
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.steps import JumpTo, Step
from parley.modules.flows.engine.turn import Turn


class Jump(Node, frozen=True, kw_only=True, tag="jump"):
    """Goes on at the start of another flow and does not come back; gives it `vars`. By `failed` if it is not published.

    Example:
        flows:
          - id: goodbye
            name: Goodbye
            start: bye
            nodes:
              bye: {type: end, text: "Goodbye, {{ vars.who }}!", outcome: said_goodbye}
        nodes:
          start: {type: jump, flow: goodbye, vars: {who: "{{ contact.name }}"}}
        talk:
          - customer: hi
          - bot: Goodbye, Ada!
          - ends: said_goodbye
    """

    group: ClassVar[Group] = "flow"

    flow: FlowName
    vars: Given = {}
    failed: Target | None = None

    def enter(self, turn: Turn) -> Step:
        return JumpTo(self.flow, {name: turn.value(value) for name, value in self.vars.items()})  # type: ignore[arg-type]  # read from JSON

    def exits(self) -> dict[str, str | None]:
        return {"failed": self.failed}

    def dependencies(self) -> Iterator[Dependency]:
        yield Dependency("flow", self.flow, "/flow")
