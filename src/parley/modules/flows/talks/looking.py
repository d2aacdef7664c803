"""What must have come of it: words, events, and how the conversation stands. Failures are TalkFailed."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from parley.core.content import Content
from parley.core.json import JsonValue
from parley.modules.flows.engine import SprintEvent
from parley.modules.flows.engine.events import EVENTS
from parley.modules.flows.engine.events.course import FlowEnded
from parley.modules.flows.engine.events.trouble import LimitHit, NodeFailed, ResumeIgnored
from parley.modules.flows.rehearsal import Rehearsal, taps
from parley.modules.flows.talks.mismatch import TalkFailed

SHORT: Final[Mapping[str, tuple[type[SprintEvent], str]]] = {
    "ends": (FlowEnded, "outcome"),
    "limit": (LimitHit, "limit"),
    "failed": (NodeFailed, "sentence"),
    "ignored": (ResumeIgnored, ""),
}
"""Events that are written by one of their fields alone; `failed` by some words of its sentence."""
STANDING: Final = ("vars", "fields", "tags", "language")


def check_said(said: Content, wanted: JsonValue) -> None:
    """Whether a message is the one that is written."""
    if not isinstance(wanted, Mapping):
        _same("what the bot says", wanted, said.text if said.kind == "text" else _shown(said))
    elif "matches" in wanted:
        if not re.search(str(wanted["matches"]), said.text or ""):
            raise TalkFailed("what the bot says", f"something like {wanted['matches']}", said.text)
    elif "type" in wanted:
        _same("what the bot sends", wanted, _shown(said))
    else:
        _same("what can be tapped", wanted.get("buttons") or wanted.get("rows"), [tap.text for tap in taps(said)])
        if "text" in wanted:
            _same("what the bot says", wanted["text"], said.text)


def check_standing(rehearsal: Rehearsal, name: str, wanted: JsonValue) -> bool:
    """Whether this step is about how it stands; if it is, whether it stands so."""
    if name not in STANDING:
        return False
    contact, session = rehearsal.contact, rehearsal.session
    if name == "tags":
        _same(
            "the contact's tags", sorted(map(str, wanted)) if isinstance(wanted, list) else wanted, sorted(contact.tags)
        )
    elif name == "vars":
        _same("the variables", wanted, _plain(session.waiting.variables) if session else None)
    else:
        _same(f"the contact's {name}", wanted, _plain(getattr(contact, name)))
    return True


def check_event(unread: Sequence[SprintEvent], rehearsal: Rehearsal, name: str, wanted: JsonValue) -> SprintEvent:
    """The event that a step is about, which must be as it is written."""
    kind, field = SHORT.get(name, (EVENTS.get(name) or EVENTS.get(f"{name}_given"), ""))
    if kind is None:
        raise TalkFailed("a step", ["customer", "bot", "silence", *STANDING, *SHORT, *EVENTS], name)
    event = next((each for each in unread if isinstance(each, kind)), None)
    if event is None:
        raise TalkFailed("what happens", name, [str(each.told()) for each in unread if each.told()])
    if name == "failed":
        if str(wanted) not in str(getattr(event, field)):
            raise TalkFailed("why it failed", wanted, getattr(event, field))
    elif field:
        _same(name, wanted, getattr(event, field))
    for each, value in wanted.items() if isinstance(wanted, Mapping) else ():
        _same(f"{name}: {each}", value, _plain(getattr(event, each, None)))
    if name == "ends" and rehearsal.session is not None:
        raise TalkFailed("the session", "over", "still waiting")
    return event


def _shown(said: Content) -> JsonValue:
    return {"type": said.kind, said.kind: said.body}


def _same(what: str, wanted: JsonValue, found: JsonValue) -> None:
    if wanted != found:
        raise TalkFailed(what, wanted, found)


def _plain(value: object) -> JsonValue:
    found: JsonValue = msgspec.to_builtins(value)
    return found
