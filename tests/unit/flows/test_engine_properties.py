"""What always holds, whatever authors, customers and servers do."""

from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parley.core.errors import InvalidInput
from parley.modules.flows.engine import (
    EffectAnswered,
    Input,
    Resume,
    Run,
    Session,
    Sprint,
    StillWaiting,
    Trigger,
    WaitForEffect,
    World,
    decode,
    encode,
    limits,
    read_definition,
    record,
    replay,
    resume,
    start,
    validate,
)
from parley.modules.flows.engine.events.course import FlowEnded, StepTaken
from parley.modules.flows.engine.events.saying import Say
from tests.unit.flows.arriving import answers, inputs, resumes
from tests.unit.flows.generated import documents, worlds

quick = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck), database=None)


def check(sprint: Sprint) -> None:
    """A sprint either goes on waiting, or is over and says so exactly once, at its end; and it kept within limits."""
    endings = [event for event in sprint.events if isinstance(event, FlowEnded)]
    if sprint.session is None:
        assert sprint.wait is None
        assert len(endings) == 1
        assert sprint.events[-1] is endings[0]
    else:
        assert not endings
        assert sprint.wait is not None
        assert decode(encode(sprint.session)) == sprint.session
        assert (sprint.session.effect is not None) == isinstance(sprint.wait, WaitForEffect) or isinstance(
            sprint.wait, StillWaiting
        )
    assert sum(isinstance(event, StepTaken) for event in sprint.events) <= limits.STEPS_PER_SPRINT + 1
    said = [event.content for event in sprint.events if isinstance(event, Say)]
    assert len(said) <= limits.MESSAGES_PER_SPRINT
    for content in said:
        assert len(content.text or "") <= limits.TEXT_CHARACTERS
        msgspec.json.encode(content.body)


@quick
@given(documents, st.none() | inputs, st.lists(resumes(), max_size=6), worlds, st.data())
def test_a_conversation_never_raises_and_stays_within_limits(
    document: dict[str, Any], first: Input | None, came: list[Resume], world: World, data: st.DataObject
) -> None:
    definition = read_definition(document)
    validate(definition)
    trigger = Trigger(reason="generated", input=first)
    sprint = start(definition, trigger, world)
    assert sprint == start(definition, trigger, world)
    check(sprint)
    log = [record(trigger, world, sprint)]
    for each in came:
        if sprint.session is None:
            break
        fitting = each
        if isinstance(sprint.wait, WaitForEffect):
            fitting = EffectAnswered(effect_id=sprint.wait.id, result=data.draw(answers))
        kept = decode(encode(sprint.session))
        sprint = resume(definition, kept, fitting, world)
        assert sprint == resume(definition, kept, fitting, world)
        check(sprint)
        log.append(record(fitting, world, sprint))
        if sprint.session is not None:
            check(resume(definition, sprint.session, each, world))
    replayed = list(replay(definition, log, lambda _readings: world.flows))
    assert len(replayed) == len(log)
    assert all(each.same for each in replayed)


@quick
@given(
    st.builds(
        Session,
        runs=st.builds(
            Run,
            node=st.sampled_from(["a", "b", "c", "d", "gone"]),
            variables=st.just({}) | st.just({"x": [1, {"y": None}], "y": 0}),
            attempts=st.integers(0, 9),
            flow=st.sampled_from([None, "gone"]),
        ).map(lambda run: (run,)),
        waits_for=st.sampled_from(["message", "time", "event", "effect"]),
        sprints=st.integers(0, 600),
        effect=st.none() | st.just("1.1"),
        input=st.none() | inputs.map(lambda each: Input(each.kind)),
    ),
    documents,
    resumes(),
    worlds,
)
def test_any_session_can_be_resumed_by_any_definition(
    session: Session, document: dict[str, Any], came: Resume, world: World
) -> None:
    assert decode(encode(session)) == session
    check(resume(read_definition(document), session, came, world))


@quick
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.floats()
        | st.text(max_size=10)
        | st.sampled_from(["message", "{{", "{% if", "("]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", "name", "start", "nodes", "type", "text", "matches", "a"]) | st.text(max_size=5),
                inner,
                max_size=5,
            )
        ),
        max_leaves=20,
    )
)
def test_any_document_is_read_or_refused_with_pointers(document: Any) -> None:
    whole = document if isinstance(document, dict) else {"nodes": document}
    try:
        read_definition(whole)
    except InvalidInput as refused:
        pointers = [fault.pointer for fault in refused.faults]
    else:
        pointers = [""]
    assert pointers
    assert all(pointer == "" or pointer.startswith("/") for pointer in pointers)
