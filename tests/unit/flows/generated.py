"""Strategies: definitions of every shape, and the worlds that they run in."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from parley.modules.flows.engine import (
    ContactView,
    Flows,
    World,
    read_definition,
)
from tests.unit.flows.values import FLOWS, IDS, json_values, maybe_target, places, targets, texts, timeouts


def _node(kind: str, required: dict[str, Any], **optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"type": st.just(kind), **required}, optional=optional)


_question: dict[str, Any] = {
    "save": places,
    "retries": st.integers(0, 5),
    "retry_text": texts,
    "timeout": timeouts,
}
_options = st.lists(
    st.fixed_dictionaries(
        {"title": texts.map(lambda text: text[:200])},
        optional={"next": targets, "id": st.sampled_from(["one", "two"])},
    ),
    min_size=1,
    max_size=4,
)
_cases = st.fixed_dictionaries({"next": maybe_target}, optional={"value": texts, "save": places})
_tests = st.sampled_from(
    [
        {"equals": "yes"},
        {"equals": 3},
        {"contains": "a {{ vars.x }}"},
        {"starts_with": "h"},
        {"matches": "(a|b)*[0-9]+"},
        {"any_of": ["a", 1]},
        {"more_than": 2},
        {"at_most": 2.5},
        {"is_set": False},
        {"has_email": True},
        {"has_phone": True},
        {"has_number": False},
        {"has_date": True},
        {"any_word": ["a", "{{ vars.x }}"]},
        {"between": [1, 5]},
        {"before": "today"},
        {"after": "{{ vars.x }}"},
        {"has_tag": "b"},
        {"is_open": "office"},
    ]
)
branch_cases = st.lists(st.builds(lambda case, test: {**case, **test}, _cases, _tests), min_size=1, max_size=3)

nodes = st.one_of(
    _node("message", {"text": texts}, next=targets),
    _node(
        "message",
        {"content": st.just({"type": "image", "image": {"link": "{{ vars.x }}", "caption": "{{ input.text }}"}})},
    ),
    _node("buttons", {"text": texts, "buttons": _options}, header=texts, other=targets, **_question),
    _node(
        "list",
        {"text": texts, "button": texts, "sections": _options.map(lambda rows: [{"rows": rows}])},
        other=targets,
        **_question,
    ),
    _node(
        "ask",
        {"text": texts, "answer": st.sampled_from(["text", "number", "date", "email", "phone"])},
        min=st.sampled_from([1, "today", "2026-12-01"]),
        matches=st.just("^[a-z0-9]+$"),
        next=targets,
        invalid=targets,
        **_question,
    ),
    _node("ask", {"text": texts, "answer": st.just("choice"), "choices": st.just(["Red", "Blue"])}, next=targets),
    _node("branch", {"cases": branch_cases}, value=texts, other=targets),
    _node(
        "set",
        {},
        vars=st.dictionaries(st.sampled_from(["x", "y"]), json_values),
        fields=st.dictionaries(st.sampled_from(["x"]), json_values),
        session=st.dictionaries(st.sampled_from(["x", "y"]), json_values, max_size=1),
        add_tags=st.just(["{{ vars.x }}", "b"]),
        remove_tags=st.just(["b"]),
        language=st.sampled_from(["es", "{{ vars.x }}"]),
        next=targets,
    ),
    _node(
        "http",
        {
            "url": st.sampled_from(
                ["https://a.example/{{ vars.x }}", "{{ vars.x }}", "https://[", "{{ vars.x | upcase }}"]
            )
        },
        json=json_values,
        save=st.just({"x": "a.b[0]", "y": "c"}),
        statuses=st.just({"404": "a"}),
        next=targets,
        failed=targets,
    ),
    _node(
        "split",
        {"ways": st.just([{"name": "one", "weight": 2, "next": "a"}, {"name": "two", "weight": 0}])},
        sticky=st.booleans(),
        save=places,
    ),
    _node("delay", {"for": st.sampled_from(["30s", "2d"])}, next=targets, message=targets),
    _node("wait_until", {"at": st.sampled_from(["09:00", "2030-01-01", "{{ vars.x }}"])}, next=targets, passed=targets),
    _node(
        "wait_until", {"opening": st.sampled_from(["office", "none"])}, next=targets, failed=targets, message=targets
    ),
    _node("business_hours", {"hours": st.sampled_from(["office", "none"])}, open=targets, closed=targets),
    _node(
        "sub_flow",
        {"flow": st.sampled_from(FLOWS)},
        vars=st.dictionaries(st.sampled_from(["x", "y"]), json_values, max_size=1),
        save=st.just({"x": "y", "fields.x": "x"}),
        outcomes=st.just({"won": "b"}),
        next=targets,
        failed=targets,
    ),
    _node("jump", {"flow": st.sampled_from(FLOWS)}, failed=targets),
    _node(
        "ai_agent",
        {"instructions": texts},
        tools=st.just(
            [
                {"type": "knowledge"},
                {"type": "hand_over"},
                {"type": "read_contact", "fields": ["x"]},
                {"type": "update_contact", "fields": {"x": {"type": "integer"}}},
                {
                    "type": "http",
                    "name": "look_up",
                    "description": "Looks up.",
                    "url": "https://shop.example/{{ args.x }}",
                    "parameters": {"x": {"type": "integer", "required": False}},
                },
                {"type": "sub_flow", "name": "ask", "description": "Asks.", "flow": "asks", "returns": ["x"]},
            ]
        ),
        ways=st.just({"done": {"description": "Done.", "next": "b"}}),
        topics=st.sampled_from([[], ["bicycles"]]),
        max_turns=st.integers(1, 3),
        save_summary=places,
        timeout=timeouts,
        unsure=targets,
        failed=targets,
        over_budget=targets,
        budget=st.sampled_from([{"calls": 3}, {"tokens": 500}, {}]),
    ),
    _node(
        "ai_classify",
        {"choices": st.just({"red": {"description": "Red.", "next": "a"}, "blue": {"description": "Blue."}})},
        text=texts,
        save=places,
        other=targets,
        failed=targets,
        over_budget=targets,
        budget=st.just({"calls": 2}),
    ),
    _node(
        "ai_extract",
        {"fields": st.just({"x": {"type": "integer"}, "y": {"type": "email", "required": False}})},
        text=texts,
        next=targets,
        missing=targets,
        save_missing=places,
        failed=targets,
    ),
    _node("hand_over", {}, text=texts, summary=texts),
    _node("media", {"kind": st.sampled_from(["image", "document"]), "file": texts}, caption=texts, next=targets),
    _node("location", {"latitude": st.floats(-99, 99) | texts, "longitude": texts}, name=texts, next=targets),
    _node("contact_card", {"name": texts, "phone": texts}, email=texts, url=texts, company=texts, next=targets),
    _node("reaction", {"emoji": st.sampled_from(["", "\U0001f44d"])}, next=targets),
    _node(
        "call_to_action", {"text": texts, "button": texts, "url": texts | st.just("https://a.example")}, next=targets
    ),
    _node(
        "template",
        {"template": st.just("hello")},
        language=texts,
        variables=st.dictionaries(st.sampled_from(["x", "buttons"]), json_values),
        buttons=_options,
        save=places,
        next=targets,
        other=targets,
        timeout=timeouts,
    ),
    _node("request_location", {"text": texts}, typed=st.booleans(), next=targets, other=targets, **_question),
    _node("request_contact", {"text": texts}, next=targets, other=targets, **_question),
    _node(
        "products",
        {"text": texts, "catalog": texts},
        sections=st.just([{"title": "{{ vars.x }}", "products": ["rye"]}]),
        header=texts,
        next=targets,
        **_question,
    ),
    _node(
        "form",
        {"text": texts, "form": st.just("12345678"), "button": texts, "screen": st.just("FIRST")},
        data=st.dictionaries(st.sampled_from(["x", "y"]), json_values),
        answers=st.just({"x": "day", "fields.x": "who"}),
        next=targets,
        **_question,
    ),
    _node("ask", {"text": texts, "answer": st.sampled_from(["media", "location"])}, save=places, next=targets),
    _node("find_contact", {"phone": texts, "save": places}, next=targets, none=targets, failed=targets),
    _node("find_contact", {"field": st.just("x"), "equals": texts, "save": places}, next=targets, none=targets),
    _node("update_contact", {"contact": texts}, name=texts, fields=st.just({"x": "{{ vars.x }}"}), next=targets),
    _node("start_flow", {"flow": st.sampled_from(FLOWS), "to": texts}, next=targets, failed=targets),
    _node("send_email", {"to": texts, "subject": texts, "body": texts}, next=targets, failed=targets),
    _node("consent", {"text": texts}, agree=texts, granted=targets, withdrawn=targets, other=targets, **_question),
    _node("close", {}, text=texts),
    _node("emit", {"name": st.just("done")}, data=st.dictionaries(st.sampled_from(["x", "y"]), json_values)),
    _node("end", {}, text=texts, outcome=st.sampled_from(["won", "lost"])),
)

documents: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "id": st.just("generated"),
        "name": st.just("Generated"),
        "start": targets,
        "nodes": st.dictionaries(st.sampled_from(IDS[:-1]), nodes, min_size=1),
    },
    optional={
        "hours": st.just({"office": {"week": {"monday": ["09:00-17:00", "22:00-02:00"]}}}),
        "timezone": st.sampled_from(["UTC", "Asia/Kolkata"]),
        "expires": st.just("3d"),
    },
)


_OTHERS: tuple[dict[str, Any], ...] = (
    {
        "id": "asks",
        "nodes": {"a": {"type": "ask", "text": "?", "save": "y", "next": "b"}, "b": {"type": "end", "outcome": "won"}},
    },
    {
        "id": "says",
        "nodes": {
            "a": {"type": "set", "vars": {"y": "{{ vars.x }}"}, "next": "b"},
            "b": {"type": "sub_flow", "flow": "says", "next": "c", "failed": "c"},
            "c": {"type": "jump", "flow": "asks"},
        },
    },
)
_others = {each["id"]: read_definition({"name": "Other", "start": "a", **each}) for each in _OTHERS}
FEW_FLOWS = Flows(live=_others, pinned={(name, 0): each for name, each in _others.items()})

worlds = st.builds(
    World,
    seed=st.integers(0, 2**32 - 1),
    flows=st.just(FEW_FLOWS),
    now=st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # the zone is given beside
    contact=st.builds(
        ContactView,
        id=st.just("con_1"),
        name=st.none() | st.text(max_size=20),
        language=st.sampled_from([None, "en", "de", "pt-BR"]),
        fields=st.just({}) | st.just({"x": "kept"}),
    ),
    conversation_id=st.just("cnv_1"),
    channel_id=st.just("chn_1"),
)
