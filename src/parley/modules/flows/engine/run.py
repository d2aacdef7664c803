"""The engine: from one wait to the next. A pure function of definition, session, what came, and the world.

    start(definition, trigger, world)            -> Sprint
    resume(definition, session, resume, world)   -> Sprint

It never raises for anything a customer, a server or an author did: what went wrong is an event in the sprint.
"""

from dataclasses import dataclass
from typing import Final

import msgspec

from parley.modules.flows.engine import limits
from parley.modules.flows.engine.definition import Definition
from parley.modules.flows.engine.events import FlowEnded, ResumeIgnored, SprintEvent, StepTaken
from parley.modules.flows.engine.sandbox import TemplateFailed
from parley.modules.flows.engine.session import Session
from parley.modules.flows.engine.steps import Ended, Leave, Step, StillWaiting, Wait, WaitForEffect
from parley.modules.flows.engine.turn import Turn
from parley.modules.flows.engine.words import clean
from parley.modules.flows.engine.world import EffectAnswered, Input, MessageArrived, Resume, Trigger, World

ENDINGS: Final = {"other": "unanswered", "invalid": "unanswered", "timeout": "expired", "failed": "failed"}
"""How a session ends that leaves by an exit which leads nowhere; by any other exit it is completed."""


@dataclass(frozen=True, slots=True)
class Sprint:
    """What happened, in order; the state to keep (None when the session is over); what it waits for."""

    events: tuple[SprintEvent, ...]
    session: Session | None
    wait: Wait | None


def start(definition: Definition, trigger: Trigger, world: World) -> Sprint:
    """Begin a session at the definition's first node."""
    turn = Turn(definition.library, world, Session(node=definition.start, sprints=1), _received(trigger.input))
    return _run(definition, turn, _enter(definition, turn, definition.start))


def resume(definition: Definition, session: Session, resume: Resume, world: World) -> Sprint:
    """Go on with a session: a message came, the time was up, or an effect was answered."""
    misfit = _misfit(session, resume)
    if misfit is not None:
        return Sprint((ResumeIgnored(misfit),), session, StillWaiting())
    received = _received(resume.input) if isinstance(resume, MessageArrived) else session.input
    turn = Turn(definition.library, world, msgspec.structs.replace(session, sprints=session.sprints + 1), received)
    if session.sprints >= limits.SPRINTS_PER_SESSION:
        most = limits.SPRINTS_PER_SESSION
        turn.limit("SPRINTS_PER_SESSION", f"The session went on for {most} turns; it ends here. Is it a loop?")
        return _end(turn, "limit")
    return _run(definition, turn, _resume(definition, turn, resume))


def _received(given: Input | None) -> Input | None:
    """The customer's input as the engine takes it: what every encoding can carry, and no longer than any channel's."""
    if given is None:
        return None
    text = clean(given.text[: limits.TEXT_CHARACTERS])
    payload = None if given.payload is None else clean(given.payload[: limits.TEXT_CHARACTERS])
    if text == given.text and payload == given.payload:
        return given
    return Input(text, payload, given.kind, given.media_id)


def _misfit(session: Session, resume: Resume) -> str | None:
    """Why what came does not belong to the wait that holds; None when it does."""
    if isinstance(resume, EffectAnswered):
        return None if resume.effect_id == session.effect else "The session does not wait for this answer."
    if isinstance(resume, MessageArrived) and session.effect is not None:
        return "The session waits for an answer from outside, not for the customer."
    return None


def _enter(definition: Definition, turn: Turn, node_id: str) -> Step:
    node = definition.nodes.get(node_id)
    turn.node = node_id
    turn.attempts = 0
    turn.steps += 1
    if node is None:
        turn.failed(f"There is no node {node_id!r} to go to; the conversation ends here.")
        return Ended("failed")
    try:
        return node.enter(turn)
    except TemplateFailed as failed:
        turn.failed(str(failed))
        return Ended("failed")


def _resume(definition: Definition, turn: Turn, resume: Resume) -> Step:
    node = definition.nodes.get(turn.node)
    if node is None:
        turn.failed(f"This version of the flow has no node {turn.node!r}; the conversation ends here.")
        return Ended("failed")
    try:
        return node.resume(turn, resume)
    except TemplateFailed as failed:
        turn.failed(str(failed))
        return Ended("failed")


def _run(definition: Definition, turn: Turn, step: Step) -> Sprint:
    while isinstance(step, Leave):
        turn.events.append(StepTaken(turn.node, step.exit))
        target = definition.exits[turn.node].get(step.exit)
        if target is None:
            return _end(turn, ENDINGS.get(step.exit, "completed"))
        if turn.steps >= limits.STEPS_PER_SPRINT:
            most = limits.STEPS_PER_SPRINT
            turn.limit("STEPS_PER_SPRINT", f"{most} steps without asking the customer; stopped before {target!r}.")
            return _end(turn, "limit")
        step = _enter(definition, turn, target)
    if isinstance(step, Ended):
        turn.events.append(StepTaken(turn.node, "end"))
        return _end(turn, step.outcome)
    return Sprint(tuple(turn.events), _kept(turn, step), step)


def _end(turn: Turn, outcome: str) -> Sprint:
    turn.events.append(FlowEnded(outcome))
    return Sprint(tuple(turn.events), None, None)


def _kept(turn: Turn, wait: Wait) -> Session:
    effect = wait.effect.id if isinstance(wait, WaitForEffect) else None
    return Session(
        node=turn.node,
        variables=turn.variables,
        attempts=turn.attempts,
        sprints=turn.session.sprints,
        steps=turn.session.steps + turn.steps,
        effect=effect,
        input=turn.input if effect is not None else None,
    )
