"""A file of written conversations: which flow they are with, and the conversations by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

import msgspec

from parley.core.errors import InvalidInput, fault
from parley.core.json import JsonObject, JsonValue
from parley.modules.flows.engine import PLAIN, WHATSAPP, Channel, ContactView, Definition, read_definition
from parley.modules.flows.rehearsal import ADA, NOON, Rehearsal, contact_of
from parley.modules.flows.talks.mismatch import TalkFailed
from parley.modules.flows.talks.talk import Talk

FindFlow = Callable[[str], JsonObject]
"""The document of a flow that a file names."""
_UNNAMED: JsonObject = {"id": "case", "name": "Case", "start": "start"}
"""What a flow written inside a file may leave out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One written conversation, ready to be played."""

    name: str
    definition: Definition
    others: tuple[Definition, ...]
    contact: ContactView
    channel: Channel
    now: datetime
    steps: tuple[JsonObject, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What became of a case: `failed` where something did not come true."""

    case: Case
    rehearsal: Rehearsal
    failed: TalkFailed | None


def read_cases(table: JsonObject, find: FindFlow) -> list[Case]:
    """The conversations of a file: `flow` (a file's name, or the flow itself), `flows` that it enters, `cases`.

    `flow`, `flows`, `contact`, `channel` and `now` may also stand in a case. Raises InvalidInput.
    """
    written = table.get("cases")
    if not isinstance(written, list) or not written:
        _refuse("/cases", "Write the conversations under `cases`, each with its `name` and `talk`.")
    common = {name: table[name] for name in ("flow", "flows", "contact", "channel", "now") if name in table}
    return [_case(common, each, f"/cases/{at}", find) for at, each in enumerate(written)]


def play_case(case: Case) -> Played:
    """Play it from its first step to its last, or to the one that does not come true."""
    rehearsal = Rehearsal(case.definition, case.contact, case.others, case.channel)
    rehearsal.now = case.now
    try:
        Talk(rehearsal).play(case.steps)
    except TalkFailed as failed:
        return Played(case=case, rehearsal=rehearsal, failed=failed)
    return Played(case=case, rehearsal=rehearsal, failed=None)


def _case(common: JsonObject, written: JsonValue, at: str, find: FindFlow) -> Case:
    if not isinstance(written, Mapping):
        _refuse(at, "A conversation has a `name` and a `talk`.")
    whole = {**common, **written}
    talk, others, contact = whole.get("talk"), whole.get("flows", []), whole.get("contact", {})
    if not isinstance(talk, list) or not all(isinstance(step, Mapping) and step for step in talk):
        _refuse(f"{at}/talk", "A `talk` is a list of steps such as `- customer: hi` and `- bot: Hello!`.")
    if "flow" not in whole or not isinstance(others, list) or not isinstance(contact, Mapping):
        _refuse(at, "Name the `flow`; `flows` is a list, `contact` an object.")
    try:
        speaker = contact_of(contact) if contact else ADA
    except msgspec.ValidationError as misfit:
        _refuse(f"{at}/contact", f"{misfit}.")
    now = moment(str(whole["now"])) if "now" in whole else NOON
    if now is None:
        _refuse(f"{at}/now", "Write a moment as `2026-11-23T12:00:00Z`.")
    return Case(
        name=str(whole.get("name", at)),
        definition=_flow(whole["flow"], find),
        others=tuple(_flow(each, find) for each in others),
        contact=speaker,
        channel=PLAIN if whole.get("channel") == PLAIN.kind else WHATSAPP,
        now=now,
        steps=tuple(talk),
    )


def moment(text: str) -> datetime | None:
    """A moment with its offset from UTC, or None."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _flow(written: JsonValue, find: FindFlow) -> Definition:
    if isinstance(written, Mapping):
        return read_definition({**_UNNAMED, **written})
    return read_definition(find(str(written)))


def _refuse(pointer: str, sentence: str) -> NoReturn:
    raise InvalidInput("These conversations can't be played.", [fault(pointer, "invalid", sentence)])
