"""From step to step within a sprint: into a node, out by an exit, into another flow and back."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from parley.modules.flows.engine import limits
from parley.modules.flows.engine.events.course import RunEnded, RunEntered, StepTaken
from parley.modules.flows.engine.running import Running
from parley.modules.flows.engine.sandbox import TemplateFailed
from parley.modules.flows.engine.session import Run
from parley.modules.flows.engine.steps import Ended, EnterFlow, JumpTo, Leave, Step
from parley.modules.flows.engine.turn import Turn
from parley.modules.flows.engine.world import Resume, Returned

ENDINGS: Final = {"other": "unanswered", "invalid": "unanswered", "timeout": "expired", "failed": "failed"}
"""How a run ends that leaves by an exit which leads nowhere; by any other exit it is completed."""


@dataclass(frozen=True, slots=True)
class Halt:
    """The session stops here, in whatever run and node it is."""

    outcome: str


Next: TypeAlias = Step | Halt


def enter(turn: Turn, node_id: str) -> Next:
    run = turn.run
    run.node = node_id
    run.attempts = 0
    run.notes = {}
    turn.steps += 1
    node = run.definition.node(node_id, turn.language)
    if node is None:
        turn.failed(f"There is no node {node_id!r} to go to; the conversation ends here.")
        return Ended("failed")
    try:
        return node.enter(turn)
    except TemplateFailed as failed:
        turn.failed(str(failed))
        return Ended("failed")


def wake(turn: Turn, resume: Resume | Returned) -> Next:
    node = turn.run.definition.node(turn.node, turn.language)
    if node is None:
        turn.failed(f"This version of the flow has no node {turn.node!r}; the conversation ends here.")
        return Ended("failed")
    try:
        return node.resume(turn, resume)
    except TemplateFailed as failed:
        turn.failed(str(failed))
        return Ended("failed")


def leave(turn: Turn, exit_: str) -> Next:
    run = turn.run
    turn.events.append(StepTaken(run.node, exit_, run.number))
    target = run.definition.exits[run.node].get(exit_)
    if target is None:
        return come_back(turn, ENDINGS.get(exit_, "completed"))
    if turn.steps >= limits.STEPS_PER_SPRINT:
        most = limits.STEPS_PER_SPRINT
        turn.limit("STEPS_PER_SPRINT", f"{most} steps without asking the customer; stopped before {target!r}.")
        return Halt("limit")
    return enter(turn, target)


def come_back(turn: Turn, outcome: str) -> Next:
    """The run is over: its parent goes on with the result; without a parent the session is over too."""
    if len(turn.runs) == 1:
        return Halt(outcome)
    over = turn.pop()
    turn.events.append(RunEnded(over.number, outcome))
    return wake(turn, Returned(outcome, over.variables))


def other_flow(turn: Turn, step: EnterFlow | JumpTo) -> Next:
    definition = turn.world.flows.live.get(step.flow)
    if definition is None:
        turn.failed(f"There is no published flow {step.flow!r}; publish it, or choose another.")
        return Leave("failed")
    limited = _too_many_runs(turn, step)
    if limited is not None:
        turn.limit(*limited)
        return Halt("limit")
    if isinstance(step, JumpTo):
        turn.events.append(StepTaken(turn.node, "jump", turn.run.number))
        turn.events.append(RunEnded(turn.run.number, "jumped"))
        parent = turn.runs[-2].number if len(turn.runs) > 1 else None
        turn.runs.pop()
    else:
        parent = turn.run.number
    turn.entered += 1
    given: dict[str, object] = dict(step.variables)
    run = Run(node=definition.start, variables=given, flow=step.flow, version=definition.version, number=turn.entered)
    turn.push(Running(definition, run))
    turn.events.append(RunEntered(run.number, step.flow, definition.version, parent))
    return enter(turn, definition.start)


def _too_many_runs(turn: Turn, step: EnterFlow | JumpTo) -> tuple[str, str] | None:
    if turn.entered >= limits.RUNS_PER_SESSION:
        return "RUNS_PER_SESSION", f"The session entered {turn.entered} flows; it ends here. Is it a loop?"
    if turn.steps >= limits.STEPS_PER_SPRINT:
        most = limits.STEPS_PER_SPRINT
        return "STEPS_PER_SPRINT", f"{most} steps without asking the customer; stopped before {step.flow!r}."
    if isinstance(step, EnterFlow) and len(turn.runs) >= limits.RUN_DEPTH:
        return "RUN_DEPTH", f"Flows entered {limits.RUN_DEPTH} deep; stopped before {step.flow!r}. Use a jump."
    return None
