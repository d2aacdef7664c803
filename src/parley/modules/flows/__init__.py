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
from parley.modules.flows.engine.differences import difference
from parley.modules.flows.engine.differences import shown as difference_shown
from parley.modules.flows.engine.effects.email import EmailEffect, EmailTaken
from parley.modules.flows.engine.limits import HTTP_BODY_BYTES
from parley.modules.flows.guide import filter_guide, node_guide
from parley.modules.flows.service.apply_sprint import Hands
from parley.modules.flows.service.contact_desk import ContactDesk
from parley.modules.flows.service.converse import Conversing
from parley.modules.flows.service.count_steps import StepCounter
from parley.modules.flows.service.get_flow import flow_named, get_flow
from parley.modules.flows.service.import_flow import Imported, import_flow
from parley.modules.flows.service.inspect_flow import inspect_alone
from parley.modules.flows.service.keep_log import FlowLogSweeper
from parley.modules.flows.service.list_flows import list_flows
from parley.modules.flows.service.list_versions import document_at, newest_document
from parley.modules.flows.service.publish import Publishing, end_trial, publish_version, roll_back, try_version
from parley.modules.flows.service.quiet import QuietWindows
from parley.modules.flows.service.replay import Compared, Replays
from parley.modules.flows.service.resume import Resuming
from parley.modules.flows.service.search_knowledge import KnowledgeSearch
from parley.modules.flows.service.session_desk import SessionDesk
from parley.modules.flows.service.shelf import Shelf
from parley.modules.flows.service.starting import Starting
from parley.modules.flows.service.told import told_by_flows
from parley.modules.flows.service.waking import Call, Waking
from parley.modules.flows.talks.coverage import Coverage, coverage_of
from parley.modules.flows.talks.table import Played, play_case, read_cases
from parley.modules.flows.talks.transcribe import Transcript
from parley.modules.flows.terminal import converse as talk_in_terminal
from parley.modules.flows.yaml import read_yaml, write_yaml

__all__ = [
    "HTTP_BODY_BYTES",
    "Answer",
    "Call",
    "Compared",
    "ContactDesk",
    "Conversing",
    "Coverage",
    "Definition",
    "Effect",
    "EffectFailed",
    "EmailEffect",
    "EmailTaken",
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
    "Played",
    "Publishing",
    "QuietWindows",
    "Replays",
    "Resuming",
    "SessionDesk",
    "Shelf",
    "Starting",
    "StepCounter",
    "ToolCall",
    "ToolOffer",
    "Transcript",
    "Waking",
    "coverage_of",
    "demo",
    "difference",
    "difference_shown",
    "document_at",
    "end_trial",
    "filter_guide",
    "flow_named",
    "flow_schema",
    "get_flow",
    "import_flow",
    "inspect_alone",
    "list_flows",
    "newest_document",
    "node_guide",
    "play_case",
    "publish_version",
    "read_cases",
    "read_definition",
    "read_yaml",
    "roll_back",
    "talk_in_terminal",
    "told_by_flows",
    "try_version",
    "validate",
    "write_yaml",
]
