"""A flow, read and prepared: every fault found at once, every text and pattern compiled once."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from parley.core.errors import Fault, InvalidInput, fault
from parley.core.json import JsonObject, JsonValue
from parley.modules.flows.engine import limits
from parley.modules.flows.engine.document import FlowDocument
from parley.modules.flows.engine.faults import pointer, shape_faults
from parley.modules.flows.engine.fields import CUSTOMERS_WORDS, NODE_ID, length
from parley.modules.flows.engine.language import chain
from parley.modules.flows.engine.library import Library
from parley.modules.flows.engine.lifts import lift
from parley.modules.flows.engine.localise import localised_nodes
from parley.modules.flows.engine.node import Node
from parley.modules.flows.engine.nodes import KINDS
from parley.modules.flows.engine.patterns import Pattern, PatternFailed, compile_pattern
from parley.modules.flows.engine.sandbox import TemplateFailed
from parley.modules.flows.engine.templates import Template, is_template

PATTERN_FIELD = "matches"
"""The one field, in whatever node, that holds a regular expression."""

_NODE_ID = re.compile(NODE_ID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A flow that can run."""

    document: FlowDocument
    nodes: Mapping[str, Node]
    exits: Mapping[str, Mapping[str, str | None]]
    """By node: its exits and where they lead."""
    library: Library
    localised: Mapping[str, Mapping[str, Node]]
    """Nodes with other words, by language in lower case: only those that differ from the base."""
    version: int = 0
    """Which version of the flow this is; 0 for one that is not kept anywhere."""

    @property
    def id(self) -> str:
        return self.document.id

    @property
    def name(self) -> str:
        return self.document.name

    def node(self, node_id: str, language: str) -> Node | None:
        """The node, in the words of this language or of those that stand in for it."""
        if self.localised:
            wanted = chain(language, self.document.fallbacks, self.document.language)
            found = next((each for each in wanted if each in self.localised), None)
            if found is not None and node_id in self.localised[found]:
                return self.localised[found][node_id]
        return self.nodes.get(node_id)

    @property
    def flows(self) -> frozenset[str]:
        """The flows that this one can enter or jump to, by their ids."""
        needed = (each for node in self.nodes.values() for each in node.dependencies())
        return frozenset(each.name for each in needed if each.kind == "flow")

    def quiet_at(self, node: str) -> timedelta:
        """How long the person has to pause before they are answered, where the conversation stands at this node."""
        return self.document.conduct.quiet_of(node)

    @property
    def start(self) -> str:
        return self.document.start


def read_definition(document: JsonObject, version: int = 0) -> Definition:
    """The flow inside a document (parsed YAML or JSON). Raises InvalidInput with every fault and its JSON Pointer.

    What can be said only of a whole flow (targets that do not exist, dead ends, WhatsApp's limits) is `validate`'s.
    """
    if _deeper_than(document, limits.DOCUMENT_DEPTH):
        sentence = f"The document is nested deeper than {limits.DOCUMENT_DEPTH} levels; flatten it."
        _refuse([fault("", "too_deep", sentence)])
    prepared = _Prepared()
    document, misfits = lift(document)
    prepared.faults.extend(misfits or _document_faults(document))
    localised = {} if prepared.faults else localised_nodes(document, prepared.faults)
    for place, name, text in texts_of(document):
        prepared.add(place, name, text)
    for place, pattern in _trigger_patterns(document):
        prepared.add(place, PATTERN_FIELD, pattern)
    zone = _zone(document, prepared.faults)
    _refuse(prepared.faults)
    flow = msgspec.convert(document, FlowDocument)
    nodes: dict[str, Node] = dict(flow.nodes)
    library = Library(
        flow={"id": flow.id, "name": flow.name},
        language=flow.language,
        zone=zone,
        expires=length(flow.expires),
        settings=dict(flow.settings),
        hours=dict(flow.hours),
        templates=prepared.templates,
        patterns=prepared.patterns,
        nodes=frozenset(nodes),
    )
    exits = {node_id: node.exits() for node_id, node in nodes.items()}
    return Definition(document=flow, nodes=nodes, exits=exits, library=library, localised=localised, version=version)


def _refuse(faults: list[Fault]) -> None:
    if faults:
        count = "one fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise InvalidInput(f"This flow has {count}: {faults[0].detail}", faults, code="flow_invalid")


def _document_faults(document: JsonValue) -> Iterator[Fault]:
    yield from shape_faults(FlowDocument, document, "", known=frozenset({"nodes"}))
    nodes = document.get("nodes") if isinstance(document, dict) else None
    if not isinstance(nodes, dict) or not nodes:
        yield fault("/nodes", "missing", "Write the steps of the conversation under `nodes`, each with its id.")
        return
    if len(nodes) > limits.NODES:
        yield fault("/nodes", "too_many", f"A flow has at most {limits.NODES} nodes; split it into several flows.")
        return
    for node_id, node in nodes.items():
        yield from _node_faults(node_id, node)


def _node_faults(node_id: str, node: JsonValue) -> Iterator[Fault]:
    place = pointer("nodes", node_id)
    if not _NODE_ID.fullmatch(node_id):
        yield fault(place, "invalid_id", "The id of a node is letters, digits, _ and -, beginning with a letter.")
    kind = node.get("type") if isinstance(node, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        yield fault(f"{place}/type", "unknown_type", f"Each node has a `type`: one of {', '.join(KINDS)}.")
        return
    content = {name: value for name, value in node.items() if name != "type"} if isinstance(node, dict) else node
    yield from shape_faults(KINDS[kind], content, place)


def _deeper_than(value: JsonValue, depth: int) -> bool:
    if depth == 0:
        return True
    if isinstance(value, Mapping):
        return any(_deeper_than(item, depth - 1) for item in value.values())
    if isinstance(value, list | tuple):
        return any(_deeper_than(item, depth - 1) for item in value)
    return False


def texts_of(document: JsonObject) -> Iterator[tuple[str, str, str]]:
    """Every text of every node, in every language: its pointer, the field it stands in, and itself."""
    waiting: list[tuple[str, str, JsonValue]] = [
        ("/nodes", "nodes", document.get("nodes")),
        ("/translations", "translations", document.get("translations")),
    ]
    while waiting:
        place, name, value = waiting.pop()
        if isinstance(value, str):
            yield place, name, value
        elif isinstance(value, Mapping):
            waiting.extend((place + pointer(key), key, item) for key, item in value.items())
        elif isinstance(value, list | tuple):
            waiting.extend((place + pointer(index), name, item) for index, item in enumerate(value))


def _trigger_patterns(document: JsonObject) -> Iterator[tuple[str, str]]:
    triggers = document.get("triggers")
    written = triggers.get("patterns") if isinstance(triggers, Mapping) else None
    for at, pattern in enumerate(written if isinstance(written, list | tuple) else ()):
        if isinstance(pattern, str):
            yield pointer("triggers", "patterns", at), pattern


class _Prepared:
    """Templates and patterns by their source, and what was wrong with them."""

    def __init__(self) -> None:
        self.templates = {CUSTOMERS_WORDS: Template(CUSTOMERS_WORDS)}
        self.patterns: dict[str, Pattern] = {}
        self.faults: list[Fault] = []

    def add(self, place: str, name: str, text: str) -> None:
        try:
            if name == PATTERN_FIELD:
                self.patterns[text] = self.patterns.get(text) or compile_pattern(text)
            elif is_template(text) and text not in self.templates:
                self.templates[text] = Template(text)
        except TemplateFailed as failed:
            self.faults.append(fault(place, "text_invalid", str(failed)))
        except PatternFailed as failed:
            self.faults.append(fault(place, "pattern_invalid", str(failed)))


def _zone(document: JsonObject, faults: list[Fault]) -> tzinfo:
    name = str(document.get("timezone", "UTC"))
    if name == "UTC":
        return UTC  # needs no time zone database, which small systems lack
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        faults.append(fault("/timezone", "unknown_timezone", f"{name!r} is no time zone; write one as Europe/Berlin."))
        return UTC
