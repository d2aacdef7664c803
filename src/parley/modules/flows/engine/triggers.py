"""Which flow a message starts: what says more first, then the higher priority; and why, told for the log."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from parley.modules.flows.engine.definition import Definition
from parley.modules.flows.engine.hours import is_open
from parley.modules.flows.engine.patterns import Pattern, compile_pattern
from parley.modules.flows.engine.starting import Triggers, Words
from parley.modules.flows.engine.words import key
from parley.modules.flows.engine.world import Input

ORDER: Final = ("payload", "keyword", "phrase", "pattern", "kind", "ad", "first_message", "default")
"""What a trigger goes by, what says most first."""


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
    definition: Definition
    keywords: Mapping[str, Keyword]
    """By the folded spelling."""
    phrases: Mapping[str, Keyword]
    patterns: tuple[Pattern, ...]

    @property
    def written(self) -> Triggers:
        return self.definition.document.triggers

    def are_on(self, now: datetime | None) -> bool:
        """Whether they count at this hour; where nobody says what time it is, they do."""
        library, written = self.definition.library, self.written
        during, outside = library.hours.get(written.during or ""), library.hours.get(written.outside or "")
        if now is None:
            return True
        closed = during is not None and not is_open(during, now, library.zone)
        return not closed and not (outside is not None and is_open(outside, now, library.zone))


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What is known of a message beside itself."""

    now: datetime | None = None
    first: bool = False
    """The first that this person ever wrote here."""
    ad: str | None = None
    """The `source_id` of the ad that it came by; empty where the ad has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The flow to start, and why, in words for the log. `language` is the word's. `lost`: who could have started."""

    flow_id: str
    by: str
    """One of ORDER."""
    found: str
    """What of the message it was, with the author's words or the person's."""
    before: str = ""
    """Whom it came before, if anybody."""
    language: str | None = None
    lost: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """Why, with the words that were found: for what is kept sealed."""
        return self.found + self.before

    @property
    def told(self) -> str:
        """Why, without anybody's words: for facts, which are kept in clear."""
        return f"{self.by.replace('_', ' ')}{f' ({self.language})' if self.language else ''}{self.before}"


@dataclass(frozen=True, slots=True)
class _Match:
    by: str
    reason: str
    language: str | None = field(default=None)


_NOTHING_KNOWN = Occasion()


def triggers_of(definition: Definition, flow_id: str | None = None) -> FlowTriggers:
    """A definition's triggers, ready to be asked. `flow_id` is the host's own id of the flow."""
    written, own = definition.document.triggers, definition.document.language
    return FlowTriggers(
        flow_id=flow_id or definition.id,
        definition=definition,
        keywords=_folded(written.keywords, own),
        phrases=_folded(written.phrases, own),
        patterns=tuple(compile_pattern(each) for each in written.patterns),
    )


def choose(triggers: Sequence[FlowTriggers], received: Input, occasion: Occasion = _NOTHING_KNOWN) -> Chosen | None:
    """The flow that a message starts, or None. Equal priorities are decided by the flow's id, so always alike."""
    words = key(received.text)
    found = [
        (each, match)
        for each in triggers
        if (match := next(_matches(each, words, received, occasion), None)) and each.are_on(occasion.now)
    ]
    if not found:
        return None
    found.sort(key=_rank)
    first, match = found[0]
    rivals = sum(other.by == match.by for _, other in found) - 1
    before = f", before {rivals} other{'s' if rivals > 1 else ''} by priority" if rivals else ""
    return Chosen(
        flow_id=first.flow_id,
        by=match.by,
        found=match.reason,
        before=before,
        language=match.language,
        lost=tuple([each.flow_id for each, _ in found[1:]]),
    )


def _rank(candidate: tuple[FlowTriggers, _Match]) -> tuple[int, int, str]:
    triggers, match = candidate
    return ORDER.index(match.by), -triggers.written.priority, triggers.flow_id


def _matches(triggers: FlowTriggers, words: str, received: Input, occasion: Occasion) -> Iterator[_Match]:
    """Why a flow could start with this message, what says most first."""
    written, kind = triggers.written, _kind(received)
    if kind != "reaction":
        yield from _by_words(triggers, words, received)
    if kind in written.kinds or (kind == "reaction" and received.text in written.reactions):
        yield _Match("kind", kind)
    if kind == "reaction":
        return
    ads = written.ad_referral
    if occasion.ad is not None and (ads is True or (isinstance(ads, list) and occasion.ad in ads)):
        yield _Match("ad", f"ad {occasion.ad}".strip())
    if occasion.first and written.first_message:
        yield _Match("first_message", "first message")
    if written.default:
        yield _Match("default", "default")


def _by_words(triggers: FlowTriggers, words: str, received: Input) -> Iterator[_Match]:
    if received.payload is not None and received.payload in triggers.written.payloads:
        yield _Match("payload", f"payload {received.payload!r}")
    if words in triggers.keywords:
        keyword = triggers.keywords[words]
        yield _Match("keyword", f"keyword {keyword.text!r} ({keyword.language})", keyword.language)
    for phrase, written in triggers.phrases.items():
        if f" {phrase} " in f" {words} ":
            yield _Match("phrase", f"phrase {written.text!r} ({written.language})", written.language)
    for pattern, source in zip(triggers.patterns, triggers.written.patterns, strict=True):
        if pattern.search(received.text) is not None:
            yield _Match("pattern", f"pattern {source!r}")


def _kind(received: Input) -> str:
    """The kind of a message in the words of triggers."""
    if received.kind == "interactive" and received.data is not None:
        return "form_answer"
    return "template_reply" if received.kind == "button" else received.kind


def _folded(words: Words, own: str) -> dict[str, Keyword]:
    by_language = words if isinstance(words, dict) else {own: words}
    found = {key(word): Keyword(text=word, language=tag) for tag, each in by_language.items() for word in each}
    found.pop("", None)
    return found
