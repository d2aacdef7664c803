"""Values of contacts' fields by cases; and what holds for names whatever they are."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from parley.core.ids import FieldId, WorkspaceId
from parley.core.time import from_unix
from parley.modules.contacts.domain import Profile
from parley.modules.contacts.fields import FieldAbout, FieldDefinition, Misfit, comparable, read_value
from parley.modules.contacts.marks import Mark, field_mark, marks_of, named, word_mark, words_of

CASES = yaml.safe_load((Path(__file__).parent / "fields.yaml").read_text())


def field(case: dict[str, Any]) -> FieldDefinition | None:
    if case["kind"] is None:
        return None
    return FieldDefinition(
        workspace=WorkspaceId(UUID(int=1)),
        id=FieldId(UUID(int=2)),
        key="a",
        kind=case["kind"],
        about=FieldAbout("A", tuple(case.get("options", ()))),
        personal=False,
        searchable=False,
        created_at=from_unix(0),
        updated_at=from_unix(0),
    )


@pytest.mark.parametrize("case", CASES, ids=[f"{case['kind']} {case['given']}" for case in CASES])
def test_a_value(case: dict[str, Any]) -> None:
    read = read_value(field(case), case["given"])
    if isinstance(read, Misfit):
        assert case["misfit"] in read.sentence
        return
    assert (read, type(read)) == (case["value"], type(case["value"]))
    assert read_value(field(case), read) == read, "a value in its one spelling stays"


def test_values_found_as_equal() -> None:
    assert comparable("LONDON") == comparable("london")
    assert comparable(1) == comparable(1.0)
    assert comparable("!!") != comparable("??"), "what is nothing but punctuation is itself"
    assert field_mark("a", 1).value != field_mark("a", "one").value


@given(st.text(max_size=60))
def test_a_name_is_found_by_each_of_its_words_and_their_beginnings(name: str) -> None:
    marks = marks_of(Profile(name=name), ())
    for word in words_of(name):
        for want in {word, word[:3], word[:5]}:
            if len(want) >= 3 or want == word:
                assert word_mark(want) in marks
                assert named(name, [want])


@pytest.mark.parametrize(
    ("name", "wanted", "found"),
    [
        ("José García-López", "jose lopez", True),
        ("José García-López", "LÓP", True),
        ("José", "jo", False),
        ("王伟", "王伟", True),
        ("Ada O'Neil", "neil", True),
        ("Ada", "adam", False),
        (None, "ada", False),
    ],
)
def test_who_is_called_like_this(name: str | None, wanted: str, found: bool) -> None:
    assert named(name, words_of(wanted)) is found


def test_only_searchable_fields_leave_marks() -> None:
    profile = Profile(fields={"city": "London", "illness": "flu"})
    assert marks_of(profile, {"city"}) == {Mark("field", "city"), field_mark("city", "london")}
