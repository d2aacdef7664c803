"""Sub-flow: run another flow, and come back with its result."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from msgspec import Meta

from parley.modules.flows.engine.fields import Dependency, FlowName, Given, Name, Place, Target
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.steps import EnterFlow, Leave, Step, StillWaiting
from parley.modules.flows.engine.turn import Turn
from parley.modules.flows.engine.world import Resume, Returned

OutcomeName = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,63}$", description="What the other flow ended with.")]


class SubFlow(Node, frozen=True, kw_only=True, tag="sub_flow"):
    """Runs another flow from its start, gives it `vars`, and keeps from its variables what `save` names.

    Goes on by the way of its outcome in `outcomes`, else by `next`; by `failed` when it failed or is not published.
    A hand-over inside it ends the whole conversation of the bot.

    Example:
        flows:
          - id: address
            name: Address
            start: ask
            nodes:
              ask: {type: ask, text: "Your street, {{ vars.who }}?", save: street, next: done}
              done: {type: end, outcome: known}
        nodes:
          start:
            type: sub_flow
            flow: address
            vars: {who: "{{ contact.name }}"}
            save: {street: street}
            outcomes: {known: thanks}
          thanks: {type: message, text: "We come to {{ vars.street }}."}
        talk:
          - customer: hi
          - bot: Your street, Ada?
          - customer: Hill Road 1
          - bot: We come to Hill Road 1.
          - ends: completed
    """

    group: ClassVar[Group] = "flow"

    flow: FlowName
    vars: Given = {}
    save: Annotated[
        dict[Place, Name], Meta(description="Where to keep its values: ours first, then its variable.")
    ] = {}
    next: Target | None = None
    outcomes: dict[OutcomeName, Target] = {}
    failed: Target | None = None

    def enter(self, turn: Turn) -> Step:
        return EnterFlow(self.flow, {name: turn.value(value) for name, value in self.vars.items()})  # type: ignore[arg-type]  # read from JSON

    def resume(self, turn: Turn, resume: Resume | Returned) -> Step:
        if not isinstance(resume, Returned):
            return StillWaiting()
        for place, name in self.save.items():
            turn.save(place, resume.variables.get(name))  # type: ignore[arg-type]  # only JSON is ever put in
        if resume.outcome in self.outcomes:
            return Leave(f"outcome.{resume.outcome}")
        return Leave("failed" if resume.outcome == "failed" else "next")

    def exits(self) -> dict[str, str | None]:
        outcomes: dict[str, str | None] = {f"outcome.{name}": target for name, target in self.outcomes.items()}
        return {"next": self.next} | outcomes | {"failed": self.failed}

    def dependencies(self) -> Iterator[Dependency]:
        yield Dependency("flow", self.flow, "/flow")
