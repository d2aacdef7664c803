"""What the tables cannot say: misfits, versions, limits of long sessions, sizes."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from parley.core.errors import InvalidInput
from parley.modules.flows.engine import (
    EffectAnswered,
    HttpAnswer,
    HttpEffect,
    Input,
    MessageArrived,
    Run,
    Session,
    StillWaiting,
    TimedOut,
    Trigger,
    WaitForEffect,
    World,
    decode,
    encode,
    limits,
    read_definition,
    resume,
    start,
)
from parley.modules.flows.engine.events.asking_the_world import HttpAnswered
from parley.modules.flows.engine.events.course import FlowEnded, StepTaken
from parley.modules.flows.engine.events.trouble import LimitHit, NodeFailed, ResumeIgnored
from parley.modules.flows.rehearsal import ADA, NOON

WORLD = World(now=NOON, contact=ADA, conversation_id="cnv_1", channel_id="chn_1")
HI = Trigger(reason="test", input=Input("hi"))
SAY = MessageArrived(input=Input("hello"))


def flow(**nodes: Any) -> Any:
    return read_definition({"id": "case", "name": "Case", "start": "a", "nodes": nodes})


ASKS = flow(a={"type": "ask", "text": "?", "save": "x", "next": "a"})
CALLS = flow(
    a={"type": "http", "url": "https://a.example", "next": "b", "failed": "b"},
    b={"type": "end", "text": "{{ input.text }}"},
)


def test_an_answer_twice_and_a_message_meanwhile_change_nothing() -> None:
    waiting = start(CALLS, HI, WORLD)
    assert isinstance(waiting.wait, WaitForEffect)
    assert waiting.session is not None
    for came in (SAY, EffectAnswered(effect_id="9.9", result=HttpAnswer(status=200))):
        sprint = resume(CALLS, waiting.session, came, WORLD)
        assert isinstance(sprint.events[0], ResumeIgnored)
        assert sprint.session == waiting.session
        assert sprint.wait == StillWaiting()


def test_the_input_survives_a_request() -> None:
    waiting = start(CALLS, HI, WORLD)
    assert waiting.session is not None
    answer = EffectAnswered(effect_id=waiting.session.effect or "", result=HttpAnswer(status=200))
    said = [event for event in resume(CALLS, waiting.session, answer, WORLD).events if hasattr(event, "content")]
    assert said[0].content.text == "hi"


def test_a_request_has_a_deadline() -> None:
    waiting = start(CALLS, HI, WORLD)
    assert isinstance(waiting.wait, WaitForEffect)
    assert waiting.session is not None
    late = resume(CALLS, waiting.session, TimedOut(), WORLD)
    assert late.events[:2] == (HttpAnswered("a", None, "No answer came in time."), StepTaken("a", "failed"))
    assert (waiting.wait.until - NOON).total_seconds() == waiting.wait.effect.timeout + HttpEffect.grace


def test_a_node_that_is_gone() -> None:
    sprint = resume(ASKS, Session.at("gone"), SAY, WORLD)
    assert isinstance(sprint.events[0], NodeFailed)
    assert sprint.events[-1] == FlowEnded("failed")


def test_a_session_does_not_go_on_for_ever() -> None:
    sprint = resume(ASKS, msgspec.structs.replace(Session.at("a"), sprints=limits.SPRINTS_PER_SESSION), SAY, WORLD)
    assert isinstance(sprint.events[0], LimitHit)
    assert sprint.session is None


def test_a_long_message_is_cut() -> None:
    echo = flow(a={"type": "message", "text": "You: {{ input.text }}"})
    sprint = start(echo, Trigger(reason="test", input=Input("x" * 9000)), WORLD)
    assert isinstance(sprint.events[0], LimitHit)
    said: Any = sprint.events[1]
    assert len(said.content.text) == limits.TEXT_CHARACTERS


def test_variables_are_bounded() -> None:
    names = {f"v{number}": "{{ input.text }}" for number in range(10)}
    fills = flow(a={"type": "set", "vars": names, "next": "b"}, b={"type": "ask", "text": "?"})
    sprint = start(fills, Trigger(reason="test", input=Input("x" * 4000)), WORLD)
    assert sprint.session is not None
    assert len(msgspec.json.encode(sprint.session.waiting.variables)) <= limits.VARIABLES_BYTES
    assert {event.limit for event in sprint.events if isinstance(event, LimitHit)} == {"VARIABLES_BYTES"}


def test_a_session_is_small() -> None:
    sprint = start(ASKS, HI, WORLD)
    assert sprint.session is not None
    assert len(encode(sprint.session)) < 40


def test_a_session_of_the_first_format_is_lifted() -> None:
    data = msgspec.msgpack.encode([1, "a", {"x": 1}, 2, 3, 4, "3.1", ["hi"]])
    lifted = decode(data)
    assert lifted.waiting == Run(node="a", variables={"x": 1}, attempts=2)
    assert (lifted.sprints, lifted.steps, lifted.waits_for, lifted.effect) == (3, 4, "effect", "3.1")
    assert lifted.input == Input("hi")


UNREADABLE = [b"", b"\xc1", b"[]", encode(Session.at("a"))[:-2], msgspec.msgpack.encode([2, []])]


@pytest.mark.parametrize("data", [*UNREADABLE, encode(msgspec.structs.replace(Session.at("a"), format=3))])
def test_what_is_no_session_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        decode(data)


def test_the_contact_is_known_and_dates_are_local() -> None:
    tells = read_definition(
        {
            "id": "case",
            "name": "Case",
            "start": "a",
            "timezone": "Pacific/Auckland",
            "nodes": {"a": {"type": "end", "text": "{{ contact.phone }} {{ fields.city }} {{ today }} {{ now }}"}},
        }
    )
    world = replace(WORLD, contact=msgspec.structs.replace(ADA, fields={"city": "Rome"}))
    said: Any = start(tells, HI, world).events[0]
    assert said.content.text == "+15550001111 Rome 2026-11-24 2026-11-24T01:00:00+13:00"
