"""Flow files are read as their authors mean them."""

import pytest

from parley.core.errors import InvalidInput
from parley.modules.flows.yaml import read_yaml


def test_words_stay_words() -> None:
    text = "a: yes\nno: off\n404: true\nday: 2026-01-01\ntime: 10:30\ncode: 007\nn: [1, -2, 1.5, null, ~]\nempty:"
    assert read_yaml(text) == {
        "a": "yes",
        "no": "off",
        "404": True,
        "day": "2026-01-01",
        "time": "10:30",
        "code": "007",
        "n": [1, -2, 1.5, None, None],
        "empty": None,
    }


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1]\nb: *x",
        "a: 1\na: 2",
        "- a",
        "just words",
        "",
        "a: {{ b }}",
        "a: !!python/object/apply:os.getcwd []",
        "[" * 5_000,
        "a: " + "x" * 1_000_001,
        "a: \x00",
    ],
)
def test_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_yaml(text)
    assert refused.value.faults[0].detail
