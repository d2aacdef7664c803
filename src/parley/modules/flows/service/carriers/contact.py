"""Apply a sprint's modifiers to its contact, by the verbs of contacts."""

from collections.abc import Sequence

import msgspec

from parley.core.json import JsonValue
from parley.kit.unit import Unit
from parley.modules.contacts import Edit, edit_contacts
from parley.modules.flows.engine.events.contact import FieldSet, LanguageSet, TagSet
from parley.modules.flows.service.carriers.facts import stumbled
from parley.modules.flows.service.carriers.tools import Tools
from parley.modules.flows.service.turn import Happened


async def carry_contact(tools: Tools, unit: Unit, happened: Sequence[Happened]) -> None:
    """All edits in one go; one that does not fit changes nothing, and its author is told."""
    outcomes = await edit_contacts(unit, tools.directory, [_edit(each) for each in happened])
    for each, outcome in zip(happened, outcomes, strict=True):
        if outcome.faults:
            unit.record(stumbled(each, {"edit": ",".join(sorted({fault.code for fault in outcome.faults}))}))


def _edit(happened: Happened) -> Edit:
    thread = happened.turn.thread
    match happened.event:
        case FieldSet(name=name, value=value):
            return Edit(workspace=thread.workspace, contact=thread.contact, fields={name: _as_value(value)})
        case LanguageSet(language=language):
            return Edit(workspace=thread.workspace, contact=thread.contact, language=language)
        case TagSet(name=name, present=True):
            return Edit(workspace=thread.workspace, contact=thread.contact, add_tags=[name])
        case TagSet(name=name):
            return Edit(workspace=thread.workspace, contact=thread.contact, remove_tags=[name])
    raise TypeError(f"{type(happened.event).__name__} changes nothing of a contact.")


def _as_value(value: object) -> JsonValue:
    """A field's value as contacts keep it: plain as it is, lists and objects as JSON text."""
    return (
        value if value is None or isinstance(value, str | int | float | bool) else msgspec.json.encode(value).decode()
    )
