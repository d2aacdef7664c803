"""Strategies: whatever customers, servers and models may send."""

from hypothesis import strategies as st

from parley.core.content import Content
from parley.modules.flows.engine import (
    EffectAnswered,
    EffectFailed,
    EventArrived,
    FoundPassage,
    HttpAnswer,
    Input,
    Interrupted,
    KnowledgeAnswer,
    MessageArrived,
    ModelAnswer,
    ModelDenied,
    Resume,
    TimedOut,
    ToolCall,
)
from tests.unit.flows.values import json_values, texts

_arguments = st.sampled_from(
    [
        '{"choice": "red", "confidence": 0.9}',
        '{"choice": "other", "confidence": 2}',
        '{"x": "7", "y": "[EMAIL_1]"}',
        '{"text": "Hello [NAME_1]", "kind": "answer", "confidence": 0.9, "sources": ["s1"]}',
        '{"text": "Hm", "kind": "chat", "confidence": 0.1}',
        '{"query": "delivery"}',
        "[]",
        "no",
        "{",
    ]
)
_calls = st.lists(
    st.builds(
        ToolCall,
        st.sampled_from(["c1", "c2", ""]),
        st.sampled_from(["reply", "choose", "found", "look_up", "search_knowledge", "go_done", "hand_over", "nothing"]),
        _arguments,
    ),
    max_size=3,
).map(tuple)
model_answers = (
    st.builds(
        ModelAnswer, text=texts, calls=_calls, input_tokens=st.integers(0, 10**6), output_tokens=st.integers(0, 9)
    )
    | st.builds(ModelDenied, why=st.sampled_from(["off", "budget"]), sentence=st.just("No."))
    | st.just(KnowledgeAnswer())
    | st.just(
        KnowledgeAnswer(passages=(FoundPassage(document="kdc_1", title="Help", section="Delivery", text="Two days."),))
    )
)


words = st.text(max_size=60) | st.sampled_from(
    ["1", "yes", "30.11.2026", "a@b.example", "+15550001111", "\ud800", "one"]
)
_CARRIERS = ("location", "contacts", "order", "image", "interactive")
_bodies = st.dictionaries(
    st.sampled_from(["latitude", "longitude", "contacts", "caption", "nfm_reply", "phones"]), json_values
) | st.sampled_from(
    [
        {"latitude": 1.5, "longitude": 2, "name": "\ud800"},
        {"contacts": [{"phones": [{"wa_id": "15550001111"}]}]},
        {"nfm_reply": {"response_json": '{"flow_token": "unused", "day": [1]}'}},
        {"nfm_reply": {"response_json": "[" * 5000}},
        {"product_items": [{"product_retailer_id": "x" * 9000}]},
    ]
)
inputs = st.builds(
    Input,
    text=words,
    payload=st.none() | st.sampled_from(["a:one", "a:1", "b:two", "nowhere:1", "", "\udfff"]),
    kind=st.sampled_from(["text", "interactive", "image"]),
    provider_id=st.none() | st.just("wamid.1"),
) | st.builds(Input.of, st.builds(Content, st.sampled_from(_CARRIERS), _bodies))
answers = (
    st.builds(
        HttpAnswer,
        status=st.sampled_from([200, 204, 302, 404, 500]),
        body=st.sampled_from(
            [
                '{"a": {"b": [1, 2]}, "c": "x"}',
                '{"a": {"b": [{"deep": [[]]}]}}',
                "no",
                "",
                "[" * 5000,
                "\ud800",
                "1e999",
            ]
        ),
    )
    | st.builds(EffectFailed, reason=st.just("It did not answer."))
    | model_answers
)


@st.composite
def resumes(draw: st.DrawFn) -> Resume:
    kind = draw(st.integers(0, 6))
    if kind == 0:
        return TimedOut()
    if kind == 1:
        return EffectAnswered(effect_id=draw(st.sampled_from(["1.1", "2.1", "x"])), result=draw(answers))
    if kind == 2:
        return EventArrived(kind="ticket.closed") if draw(st.booleans()) else Interrupted()
    return MessageArrived(input=draw(inputs))
