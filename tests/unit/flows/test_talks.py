"""Written conversations: each kind of step fails where it does not come true, and says what came instead."""

from typing import Any

import pytest

from parley.core.errors import InvalidInput
from parley.modules.flows.demos import demo
from parley.modules.flows.talks.coverage import coverage_of
from parley.modules.flows.talks.table import Played, play_case, read_cases

ASK: Any = {
    "nodes": {
        "start": {
            "type": "ask",
            "text": "Who?",
            "save": "who",
            "next": "pick",
            "timeout": {"after": "1h", "next": "end"},
        },
        "pick": {"type": "buttons", "text": "Sure?", "buttons": [{"title": "Yes", "next": "call"}]},
        "call": {"type": "http", "method": "GET", "url": "https://a.example", "next": "end", "failed": "end"},
        "end": {"type": "end", "text": "Bye"},
    }
}
HI: Any = [{"customer": "hi"}, {"bot": "Who?"}]


def played(*steps: Any, flow: Any = ASK) -> Played:
    (case,) = read_cases({"flow": flow, "cases": [{"name": "it", "talk": [*HI, *steps]}]}, demo)
    return play_case(case)


@pytest.mark.parametrize(
    ("steps", "what"),
    [
        ([{"bot": "More?"}], "what the bot says"),
        ([{"customer": "Ada"}], "what else the bot says"),
        ([{"customer": {"tap": "No"}}], "what can be tapped"),
        ([{"customer": {"smell": "rose"}}], "what the customer sends"),
        ([{"vars": {"who": "Ada"}}], "the variables"),
        ([{"fields": {"city": "Rome"}}], "the contact's fields"),
        ([{"tags": ["vip"]}], "the contact's tags"),
        ([{"language": "es"}], "the contact's language"),
        ([{"ends": "completed"}], "what happens"),
        ([{"sings": True}], "a step"),
        ([{"http": {}, "answers": {"status": 200}}], "what is asked of the world"),
        ([{"later": "soon"}], "a length of time"),
        ([{"customer": "Ada"}, {"bot": {"buttons": ["No"]}}], "what can be tapped"),
        ([{"customer": "Ada"}, {"bot": {"matches": "^Really"}}], "what the bot says"),
        ([{"customer": "Ada"}, {"bot": {"type": "image", "image": {}}}], "what the bot sends"),
        ([{"silence": True}, {"bot": "Bye"}, {"silence": True}], "what is waited for"),
        ([{"silence": True}, {"bot": "Bye"}, {"ends": "expired"}], "ends"),
    ],
)
def test_what_does_not_come_true(steps: list[Any], what: str) -> None:
    failed = played(*steps).failed
    assert failed is not None
    assert failed.what == what
    assert failed.step >= len(HI) + len(steps)
    assert "you> hi" in str(failed)


def test_the_world_is_asked_and_answers() -> None:
    asked = [{"customer": "Ada"}, {"bot": {"buttons": ["Yes"]}}, {"customer": {"tap": "Yes"}}]
    wrong = played(*asked, {"http": {"method": "POST"}, "answers": {"status": 200}}).failed
    assert wrong is not None
    assert (wrong.wanted, wrong.found) == ("POST", "GET")
    odd = played(*asked, {"http": {}, "answers": {"state": 200}}).failed
    assert odd is not None
    assert odd.what == "an answer to http"
    assert (
        played(*asked, {"http": {}, "answers": {"status": 204}}, {"bot": "Bye"}, {"ends": "completed"}).failed is None
    )


def test_time_passes() -> None:
    assert played({"later": "59m"}, {"later": "60s"}, {"bot": "Bye"}).failed is None
    early = played({"later": "59m"}, {"bot": "Bye"}).failed
    assert early is not None


def test_what_was_covered() -> None:
    (covered,) = coverage_of([played({"silence": True}, {"bot": "Bye"})])
    assert (covered.nodes, covered.entered) == (4, 2)
    assert ("pick", "next") not in covered.missed
    assert covered.percent < 50


@pytest.mark.parametrize(
    ("table", "pointer"),
    [
        ({}, "/cases"),
        ({"cases": ["x"]}, "/cases/0"),
        ({"cases": [{"flow": ASK, "talk": ["hi"]}]}, "/cases/0/talk"),
        ({"cases": [{"talk": HI}]}, "/cases/0"),
        ({"flow": ASK, "cases": [{"talk": HI, "contact": {"age": 7, "name": 8}}]}, "/cases/0/contact"),
    ],
)
def test_a_file_that_is_none(table: Any, pointer: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_cases(table, demo)
    assert refused.value.faults[0].pointer == pointer
