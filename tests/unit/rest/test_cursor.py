import pytest

from parley.core.ids import new_uuid
from parley.kit.rest.pages import read_cursor, write_cursor


def test_a_cursor_is_read_as_it_was_written() -> None:
    some = new_uuid()
    assert read_cursor(write_cursor(some)) == some


@pytest.mark.parametrize("text", ["", "x", "é", "AAAA", "=" * 10, "A" * 23, "A" * 500])
def test_no_cursor(text: str) -> None:
    assert read_cursor(text) is None
