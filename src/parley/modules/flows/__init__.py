"""Flows: definitions, versions, triggers, sessions. The engine inside is pure."""

from parley.modules.flows.demos import demo
from parley.modules.flows.engine import (
    Answer,
    Definition,
    Effect,
    EffectFailed,
    HttpAnswer,
    HttpEffect,
    Inspection,
    Line,
    ModelAnswer,
    ModelDenied,
    ModelEffect,
    ToolCall,
    ToolOffer,
    flow_schema,
    read_definition,
    validate,
)
from parley.modules.flows.engine.limits import HTTP_BODY_BYTES
from parley.modules.flows.guide import filter_guide, node_guide
from parley.modules.flows.service.apply_sprint import Hands
from parley.modules.flows.service.converse import Conversing
from parley.modules.flows.service.import_flow import Imported, import_flow
from parley.modules.flows.service.keep_log import FlowLogSweeper
from parley.modules.flows.service.replay import Compared, Replays
from parley.modules.flows.service.resume import Resuming
from parley.modules.flows.service.search_knowledge import KnowledgeSearch
from parley.modules.flows.service.shelf import Shelf
from parley.modules.flows.service.told import told_by_flows
from parley.modules.flows.service.waking import Call, Waking
from parley.modules.flows.terminal import converse as talk_in_terminal
from parley.modules.flows.yaml import read_yaml

__all__ = [
    "HTTP_BODY_BYTES",
    "Answer",
    "Call",
    "Compared",
    "Conversing",
    "Definition",
    "Effect",
    "EffectFailed",
    "FlowLogSweeper",
    "Hands",
    "HttpAnswer",
    "HttpEffect",
    "Imported",
    "Inspection",
    "KnowledgeSearch",
    "Line",
    "ModelAnswer",
    "ModelDenied",
    "ModelEffect",
    "Replays",
    "Resuming",
    "Shelf",
    "ToolCall",
    "ToolOffer",
    "Waking",
    "demo",
    "filter_guide",
    "flow_schema",
    "import_flow",
    "node_guide",
    "read_definition",
    "read_yaml",
    "talk_in_terminal",
    "told_by_flows",
    "validate",
]
