"""The pure flow engine: no database, network, clock or chance. What it needs it is given; what it wants, it says.

A definition is read once (`read_definition`), looked at (`validate`), and run from wait to wait: `start` and `resume`
take the state and what came, and return a Sprint: what happened, the new state, and what is waited for.
"""

from parley.modules.flows.engine.definition import Definition, read_definition
from parley.modules.flows.engine.events import (
    FieldSet,
    FlowEnded,
    HandedOver,
    HttpAnswered,
    HttpAsked,
    LanguageSet,
    LimitHit,
    NodeFailed,
    ResumeIgnored,
    Say,
    SprintEvent,
    StepTaken,
)
from parley.modules.flows.engine.needs import needs_contact
from parley.modules.flows.engine.run import Sprint, resume, start
from parley.modules.flows.engine.schema import flow_schema
from parley.modules.flows.engine.session import Session, decode, encode
from parley.modules.flows.engine.steps import HttpEffect, StillWaiting, Wait, WaitForEffect, WaitForMessage
from parley.modules.flows.engine.triggers import Chosen, FlowTriggers, choose, triggers_of
from parley.modules.flows.engine.validate import Inspection, validate
from parley.modules.flows.engine.world import (
    ContactView,
    EffectAnswered,
    HttpAnswer,
    HttpFailed,
    Input,
    MessageArrived,
    Resume,
    TimedOut,
    Trigger,
    World,
)

__all__ = [
    "Chosen",
    "ContactView",
    "Definition",
    "EffectAnswered",
    "FieldSet",
    "FlowEnded",
    "FlowTriggers",
    "HandedOver",
    "HttpAnswer",
    "HttpAnswered",
    "HttpAsked",
    "HttpEffect",
    "HttpFailed",
    "Input",
    "Inspection",
    "LanguageSet",
    "LimitHit",
    "MessageArrived",
    "NodeFailed",
    "Resume",
    "ResumeIgnored",
    "Say",
    "Session",
    "Sprint",
    "SprintEvent",
    "StepTaken",
    "StillWaiting",
    "TimedOut",
    "Trigger",
    "Wait",
    "WaitForEffect",
    "WaitForMessage",
    "World",
    "choose",
    "decode",
    "encode",
    "flow_schema",
    "needs_contact",
    "read_definition",
    "resume",
    "start",
    "triggers_of",
    "validate",
]
