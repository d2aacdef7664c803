"""What is prepared once per definition, so that a sprint only looks it up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta, tzinfo

from parley.core.json import JsonValue
from parley.modules.flows.engine.hours import Hours
from parley.modules.flows.engine.patterns import Pattern
from parley.modules.flows.engine.templates import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """A definition's readings: `templates` and `patterns` by their source."""

    flow: Mapping[str, str]
    """What `{{ flow.… }}` shows: id and name."""
    language: str
    zone: tzinfo
    expires: timedelta
    """How long a question without its own time-out waits."""
    settings: Mapping[str, JsonValue]
    hours: Mapping[str, Hours]
    templates: Mapping[str, Template]
    patterns: Mapping[str, Pattern]
    nodes: frozenset[str]
