"""The engine: from one wait to the next. A pure function of definitions, session, what came, and the world.

    start(definition, trigger, world)            -> Sprint
    resume(definition, session, resume, world)   -> Sprint

`definition` is the flow that the session began with; those that its runs enter come in `world.flows`. Nothing raises
for anything a customer, a server or an author did: what went wrong is an event in the sprint.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from parley.modules.flows.engine import limits
from parley.modules.flows.engine.definition import Definition
from parley.modules.flows.engine.event import SprintEvent
from parley.modules.flows.engine.events.course import FlowEnded, StepTaken
from parley.modules.flows.engine.events.trouble import ResumeIgnored
from parley.modules.flows.engine.moves import Halt, Next, come_back, enter, leave, other_flow, wake
from parley.modules.flows.engine.running import Running
from parley.modules.flows.engine.session import Run, Session
from parley.modules.flows.engine.steps import (
    Ended,
    EnterFlow,
    Finished,
    JumpTo,
    Leave,
    Pause,
    StillWaiting,
    Wait,
    WaitForEffect,
    WaitForEvent,
    WaitForMessage,
    WaitForTime,
)
from parley.modules.flows.engine.turn import Turn
from parley.modules.flows.engine.words import clean
from parley.modules.flows.engine.world import (
    EffectAnswered,
    EventArrived,
    Input,
    Interrupted,
    MessageArrived,
    Resume,
    Trigger,
    World,
)

_WAITS_FOR: Final[Mapping[type[Pause], str]] = {
    WaitForMessage: "message",
    WaitForTime: "time",
    WaitForEvent: "event",
    WaitForEffect: "effect",
}


@dataclass(frozen=True, slots=True)
class Sprint:
    """What happened, in order; the state to keep (None when the session is over); what it waits for."""

    events: tuple[SprintEvent, ...]
    session: Session | None
    wait: Wait | None


def start(definition: Definition, trigger: Trigger, world: World) -> Sprint:
    """Begin a session at the definition's first node."""
    first = Running(definition, Run(node=definition.start, variables=dict(trigger.variables)))
    turn = Turn(world, Session(runs=(), sprints=1), [first], _received(trigger.input))
    if trigger.language is not None and world.contact.language is None and definition.localised:
        turn.set_language(trigger.language)
    return _run(turn, enter(turn, definition.start))


def resume(definition: Definition, session: Session, resume: Resume, world: World) -> Sprint:
    """Go on with a session: a message came, the time was up, an effect was answered, an event arrived."""
    misfit = _misfit(session, resume)
    if misfit is not None:
        return Sprint((ResumeIgnored(misfit),), session, StillWaiting())
    received = _received(resume.input) if isinstance(resume, MessageArrived) else session.input
    going_on = msgspec.structs.replace(session, sprints=session.sprints + 1)
    runs = [Running(_definition_of(run, definition, world) or definition, run) for run in session.runs]
    turn = Turn(world, going_on, runs, received)
    if isinstance(resume, Interrupted):
        return _end(turn, resume.outcome)
    if session.sprints >= limits.SPRINTS_PER_SESSION:
        most = limits.SPRINTS_PER_SESSION
        turn.limit("SPRINTS_PER_SESSION", f"The session went on for {most} turns; it ends here. Is it a loop?")
        return _end(turn, "limit")
    gone = [run.flow for run in session.runs if _definition_of(run, definition, world) is None]
    if gone:
        turn.failed(f"The flow {gone[0]!r}, in which the conversation stood, is gone; the conversation ends here.")
        return _end(turn, "failed")
    return _run(turn, wake(turn, resume), session)


def _definition_of(run: Run, began_with: Definition, world: World) -> Definition | None:
    return began_with if run.flow is None else world.flows.pinned.get((run.flow, run.version))


def _received(given: Input | None) -> Input | None:
    """The customer's input as the engine takes it: what every encoding can carry, and no longer than any channel's."""
    if given is None:
        return None
    text = clean(given.text[: limits.TEXT_CHARACTERS])
    payload = None if given.payload is None else clean(given.payload[: limits.TEXT_CHARACTERS])
    if text == given.text and payload == given.payload:
        return given
    return msgspec.structs.replace(given, text=text, payload=payload)


def _misfit(session: Session, resume: Resume) -> str | None:
    """Why what came does not belong to the wait that holds; None when it does, or when the node has to say."""
    match resume:
        case EffectAnswered(effect_id=effect):
            return None if effect == session.effect else "The session does not wait for this answer."
        case MessageArrived() if session.waits_for == "effect":
            return "The session waits for an answer from outside, not for the customer."
        case EventArrived() if session.waits_for != "event":
            return "The session does not wait for an event."
    return None


def _run(turn: Turn, step: Next, before: Session | None = None) -> Sprint:
    while True:
        match step:
            case Leave(exit=exit_):
                step = leave(turn, exit_)
            case Ended(outcome=outcome):
                turn.events.append(StepTaken(turn.node, "end", turn.run.number))
                step = come_back(turn, outcome)
            case Finished(outcome=outcome):
                turn.events.append(StepTaken(turn.node, "end", turn.run.number))
                return _end(turn, outcome)
            case EnterFlow() | JumpTo():
                step = other_flow(turn, step)
            case Halt(outcome=outcome):
                return _end(turn, outcome)
            case StillWaiting():
                turn.events.append(ResumeIgnored("The node goes on waiting."))
                return Sprint(tuple(turn.events), before, step)
            case _:
                return Sprint(tuple(turn.events), _kept(turn, step), step)


def _end(turn: Turn, outcome: str) -> Sprint:
    turn.events.append(FlowEnded(outcome))
    return Sprint(tuple(turn.events), None, None)


def _kept(turn: Turn, wait: Pause) -> Session:
    return Session(
        runs=tuple([run.kept() for run in turn.runs]),
        sprints=turn.session.sprints,
        steps=turn.session.steps + turn.steps,
        entered=turn.entered,
        waits_for=_WAITS_FOR[type(wait)],
        effect=wait.id if isinstance(wait, WaitForEffect) else None,
        input=None if isinstance(wait, WaitForMessage) else turn.input,
        variables=turn.session_variables,
        spent=turn.spent,
    )
