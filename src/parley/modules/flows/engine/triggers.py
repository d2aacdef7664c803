"""Which flow a message starts: keywords before defaults, the higher priority first, and the reason told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parley.modules.flows.engine.definition import Definition
from parley.modules.flows.engine.words import key
from parley.modules.flows.engine.world import Input


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyword:
    """A word as its author wrote it, and the language it is of."""

    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowTriggers:
    """When one flow starts by itself."""

    flow_id: str
    """Whatever the host names the flow by."""
    keywords: Mapping[str, Keyword]
    """By the folded spelling."""
    default: bool
    priority: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The flow to start, and why, in words for the log. `language` is the keyword's."""

    flow_id: str
    reason: str
    language: str | None = None


def triggers_of(definition: Definition, flow_id: str | None = None) -> FlowTriggers:
    """A definition's triggers, ready to be asked. `flow_id` is the host's own id of the flow."""
    written = definition.document.triggers
    own = definition.document.language
    by_language = written.keywords if isinstance(written.keywords, dict) else {own: written.keywords}
    keywords = {
        key(word): Keyword(text=word, language=language) for language, words in by_language.items() for word in words
    }
    keywords.pop("", None)
    return FlowTriggers(
        flow_id=flow_id or definition.id, keywords=keywords, default=written.default, priority=written.priority
    )


def choose(triggers: Sequence[FlowTriggers], received: Input) -> Chosen | None:
    """The flow that a message starts, or None. Equal priorities are decided by the flow's id, so always alike."""
    words = key(received.text)
    named = [each for each in triggers if words in each.keywords]
    if named:
        first = min(named, key=_rank)
        keyword = first.keywords[words]
        reason = f"keyword {keyword.text!r} ({keyword.language}){_rivals(named)}"
        return Chosen(flow_id=first.flow_id, reason=reason, language=keyword.language)
    defaults = [each for each in triggers if each.default]
    if not defaults:
        return None
    return Chosen(flow_id=min(defaults, key=_rank).flow_id, reason=f"default{_rivals(defaults)}")


def _rank(triggers: FlowTriggers) -> tuple[int, str]:
    return -triggers.priority, triggers.flow_id


def _rivals(candidates: Sequence[FlowTriggers]) -> str:
    others = len(candidates) - 1
    return f", before {others} other{'s' if others > 1 else ''} by priority" if others else ""
