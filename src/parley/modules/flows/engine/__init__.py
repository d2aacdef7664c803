"""The pure flow engine: no database, network, clock or chance. What it needs it is given; what it wants, it says.

A definition is read once (`read_definition`), looked at (`validate`), and run from wait to wait: `start` and `resume`
take the state and what came, and return a Sprint: what happened, the new state, and what is waited for.

Nodes, effects and events are the files of `nodes/`, `effects/` and `events/`: what stands there is
known, no list has to be kept.
"""

from parley.modules.flows.engine.channel import PLAIN, WHATSAPP, Channel
from parley.modules.flows.engine.completion import completion
from parley.modules.flows.engine.definition import Definition, read_definition
from parley.modules.flows.engine.effect import Answer, Effect, EffectFailed
from parley.modules.flows.engine.effects import AnyAnswer, AnyEffect
from parley.modules.flows.engine.effects.http import HttpAnswer, HttpEffect
from parley.modules.flows.engine.effects.knowledge import FoundPassage, KnowledgeAnswer, KnowledgeEffect
from parley.modules.flows.engine.effects.model import Line, ModelAnswer, ModelDenied, ModelEffect, ToolCall, ToolOffer
from parley.modules.flows.engine.event import SprintEvent
from parley.modules.flows.engine.fragments import joined
from parley.modules.flows.engine.needs import Needs, needs_of
from parley.modules.flows.engine.record import Readings, Recorded, Replayed, digest, record, replay
from parley.modules.flows.engine.run import Sprint, resume, start
from parley.modules.flows.engine.schema import flow_schema
from parley.modules.flows.engine.session import Run, Session, decode, encode
from parley.modules.flows.engine.steps import (
    Pause,
    StillWaiting,
    Wait,
    WaitForEffect,
    WaitForEvent,
    WaitForMessage,
    WaitForTime,
)
from parley.modules.flows.engine.triggers import Chosen, FlowTriggers, Occasion, choose, triggers_of
from parley.modules.flows.engine.validate import Inspection, Issue, validate
from parley.modules.flows.engine.world import (
    ContactView,
    EffectAnswered,
    EventArrived,
    Flows,
    Input,
    Interrupted,
    MessageArrived,
    Resume,
    TimedOut,
    Trigger,
    World,
)

__all__ = [
    "PLAIN",
    "WHATSAPP",
    "Answer",
    "AnyAnswer",
    "AnyEffect",
    "Channel",
    "Chosen",
    "ContactView",
    "Definition",
    "Effect",
    "EffectAnswered",
    "EffectFailed",
    "EventArrived",
    "FlowTriggers",
    "Flows",
    "FoundPassage",
    "HttpAnswer",
    "HttpEffect",
    "Input",
    "Inspection",
    "Interrupted",
    "Issue",
    "KnowledgeAnswer",
    "KnowledgeEffect",
    "Line",
    "MessageArrived",
    "ModelAnswer",
    "ModelDenied",
    "ModelEffect",
    "Needs",
    "Occasion",
    "Pause",
    "Readings",
    "Recorded",
    "Replayed",
    "Resume",
    "Run",
    "Session",
    "Sprint",
    "SprintEvent",
    "StillWaiting",
    "TimedOut",
    "ToolCall",
    "ToolOffer",
    "Trigger",
    "Wait",
    "WaitForEffect",
    "WaitForEvent",
    "WaitForMessage",
    "WaitForTime",
    "World",
    "choose",
    "completion",
    "decode",
    "digest",
    "encode",
    "flow_schema",
    "joined",
    "needs_of",
    "read_definition",
    "record",
    "replay",
    "resume",
    "start",
    "triggers_of",
    "validate",
]
