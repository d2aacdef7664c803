"""Start flow: begin a flow with somebody else."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from msgspec import Meta

from parley.modules.flows.engine.effect import EffectFailed
from parley.modules.flows.engine.effects.start import Started, StartEffect
from parley.modules.flows.engine.fields import Dependency, Finding, FlowName, Given, Target, Text, warning
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.steps import Leave, Step
from parley.modules.flows.engine.turn import Turn
from parley.modules.flows.engine.words import find_phone
from parley.modules.flows.engine.world import EffectAnswered, Resume, Returned

SECONDS = 10
CONTACT = "con_"


class StartFlow(Node, frozen=True, kw_only=True, tag="start_flow"):
    """Begins a flow with another contact, on this channel, and goes on; what becomes of it there is not awaited.

    Windows and consent hold there too: who has not written for 24 hours can be told templates only, who opted out no
    marketing. Where a flow is waiting already, or a person answers, nothing is begun and it leaves by `failed`.

    Example:
        nodes:
          start:
            type: start_flow
            flow: ask_driver
            to: "{{ input.text }}"
            vars: {order: 12}
            next: told
            failed: sorry
          told: {type: message, text: We ask the driver.}
          sorry: {type: message, text: The driver is busy.}
        talk:
          - customer: "+1 555 000 2222"
          - start_flow: {flow: ask_driver, to: "+15550002222", variables: {order: 12}}
            answers: {}
          - bot: We ask the driver.
    """

    group: ClassVar[Group] = "flow"

    flow: FlowName
    to: Annotated[Text, Meta(description="Whom: a contact's id (`con_…`), or a phone number with its country code.")]
    vars: Given = {}
    replace: Annotated[bool, Meta(description="Whether to end a flow that waits there.")] = False
    next: Target | None = None
    failed: Target | None = None

    def enter(self, turn: Turn) -> Step:
        written = turn.text(self.to).strip()
        to = written if written.startswith(CONTACT) else find_phone(written)
        if to is None:
            turn.failed("There is nobody to begin with: neither a contact's id nor a phone number. Is a value missing?")
            return Leave("failed")
        effect = StartEffect(
            id=turn.token(),
            flow=self.flow,
            to=to,
            channel=turn.world.channel_id,
            variables={name: turn.value(value) for name, value in self.vars.items()},  # type: ignore[arg-type]  # read from JSON
            replace=self.replace,
            timeout=SECONDS,
        )
        return turn.ask_world(effect)

    def resume(self, turn: Turn, resume: Resume | Returned) -> Step:
        result = resume.result if isinstance(resume, EffectAnswered) else None
        if isinstance(result, Started):
            return Leave()
        turn.failed(result.reason if isinstance(result, EffectFailed) else "No answer came in time.")
        return Leave("failed")

    def exits(self) -> dict[str, str | None]:
        return {"next": self.next, "failed": self.failed}

    def dependencies(self) -> Iterator[Dependency]:
        yield Dependency("flow", self.flow, "/flow")

    def inspect(self) -> Iterator[Finding]:
        if self.failed is None:
            yield warning("/failed", "no_way_out", "They may be busy: say where to go then, else it ends.")
