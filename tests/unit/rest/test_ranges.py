"""The part of a file that a `Range` asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.kit.rest.ranges import read_range

CASES = [
    (None, None),
    ("bytes=0-4", range(5)),
    ("bytes=4-", range(4, 10)),
    ("bytes=-3", range(7, 10)),
    ("bytes=-30", range(10)),
    ("bytes=8-99", range(8, 10)),
    ("bytes=10-", range(10, 10)),
    ("bytes=5-2", None),
    ("bytes=0-1,4-5", None),
    ("lines=0-1", None),
    ("bytes=-", None),
]


@pytest.mark.parametrize(("header", "part"), CASES)
def test_a_range(header: str | None, part: range | None) -> None:
    assert read_range(header, 10) == part


@given(st.text(max_size=30), st.integers(0, 100))
def test_any_header_means_a_part_or_all(header: str, size: int) -> None:
    part = read_range(f"bytes={header}", size)
    assert part is None or 0 <= part.start <= part.stop <= size
