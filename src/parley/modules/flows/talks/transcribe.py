"""A recorded session written down as a conversation for `parley flow test`, with stand-ins for the person.

What the customer and the world brought is replaced first, and the bot answers that: so nothing of the person can be in
what the bot says either, and the conversation comes true as it is written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from parley.core.content import Content
from parley.core.json import JsonObject, JsonValue
from parley.modules.flows.engine import (
    Definition,
    EffectAnswered,
    EffectFailed,
    EventArrived,
    HttpAnswer,
    Input,
    MessageArrived,
    Recorded,
    Sprint,
    TimedOut,
    WaitForEffect,
)
from parley.modules.flows.engine.events.course import StepTaken
from parley.modules.flows.engine.events.saying import Say
from parley.modules.flows.rehearsal import Rehearsal, contact_of
from parley.modules.flows.talks.mismatch import TalkFailed
from parley.modules.flows.talks.stand_ins import StandIns
from parley.modules.flows.talks.talk import Talk

_PLACE: JsonObject = {"latitude": 0.5, "longitude": 0.5}
_PERSON: JsonValue = [{"name": {"formatted_name": "Ada"}, "phones": [{"phone": "+15550001111"}]}]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """A file for `parley flow test`. `faithful`: with the stand-ins it goes the way that the session went."""

    table: JsonObject
    faithful: bool


def transcribe(
    definition: Definition, others: Sequence[Definition], session: Sequence[tuple[Recorded, Sprint]]
) -> Transcript:
    """A session, sprint by sprint: what it was given then, and what came of it."""
    first = session[0][0].readings
    stand_ins = StandIns([definition, *others])
    contact = stand_ins.contact(first.contact)
    rehearsal = Rehearsal(definition, contact_of(contact), others)
    rehearsal.now = first.now.replace(second=0, microsecond=0)
    began = rehearsal.now
    steps, ways = _written(session, Talk(rehearsal), stand_ins)
    if rehearsal.outcome is not None:
        steps.append({"ends": rehearsal.outcome})
    case: JsonObject = {"name": "recorded", "contact": contact, "now": _spelled(began), "talk": steps}
    table: dict[str, JsonValue] = {"flow": f"{definition.id}.yaml", "cases": [case]}
    if others:
        table["flows"] = [f"{each.id}.yaml" for each in others]
    return Transcript(table=table, faithful=ways == [way for _, sprint in session for way in _ways(sprint.events)])


def _written(
    session: Sequence[tuple[Recorded, Sprint]], talk: Talk, stand_ins: StandIns
) -> tuple[list[JsonObject], list[tuple[str, str]]]:
    steps: list[JsonObject] = []
    ways: list[tuple[str, str]] = []
    for recorded, _ in session:
        step = _step(recorded, talk.rehearsal, stand_ins)
        if step is None:
            break
        try:
            talk.act(step)
        except TalkFailed:  # the stand-ins went another way, on which this cannot come
            break
        steps.append(step)
        steps += [{"bot": _bot(event.content)} for event in talk.unread if isinstance(event, Say)]
        ways += _ways(talk.unread)
        talk.unread = []
    return steps, ways


def _ways(events: Sequence[object]) -> Iterator[tuple[str, str]]:
    return ((event.node, event.exit) for event in events if isinstance(event, StepTaken))


def _step(recorded: Recorded, rehearsal: Rehearsal, stand_ins: StandIns) -> JsonObject | None:
    """What came, as it is written; None for what cannot be: a start without a message, a colleague's interruption."""
    if recorded.trigger is not None:
        given = recorded.trigger.input
        return None if given is None else {"customer": _customer(given, rehearsal, stand_ins)}
    match recorded.resume:
        case MessageArrived(input=given):
            return {"customer": _customer(given, rehearsal, stand_ins)}
        case TimedOut():
            return {"silence": True}
        case EventArrived(kind=kind, detail=detail):
            facts: JsonObject = msgspec.to_builtins(detail)
            return {"event": {"kind": kind, **{name: stand_ins.value(item) for name, item in facts.items()}}}
        case EffectAnswered(result=result) if isinstance(rehearsal.wait, WaitForEffect):
            return {str(rehearsal.wait.effect.__struct_config__.tag): {}, "answers": _answers(result, stand_ins)}
    return None


def _customer(given: Input, rehearsal: Rehearsal, stand_ins: StandIns) -> JsonValue:
    if given.payload is not None:
        shown = next((tap.text for tap in rehearsal.taps if tap.payload == given.payload), None)
        return {"tap": shown} if shown is not None else {"payload": given.payload, "text": stand_ins.text(given.text)}
    if given.kind == "location":
        return {"location": _PLACE}
    if given.kind == "contacts":
        return {"contacts": _PERSON}
    if given.media_id is not None:
        return {"media": given.kind}
    return stand_ins.text(given.text)


def _answers(result: object, stand_ins: StandIns) -> JsonObject:
    if isinstance(result, EffectFailed):
        return {"fails": "no answer"}
    if isinstance(result, HttpAnswer):
        return {"status": result.status, **stand_ins.body(result.body)}
    answer: JsonObject = msgspec.to_builtins(result)
    return {name: stand_ins.value(item) for name, item in answer.items() if name != "kind"}


def _bot(content: Content) -> JsonValue:
    text = content.text
    return text if content.kind == "text" and text is not None else {"type": content.kind, content.kind: content.body}


def _spelled(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
