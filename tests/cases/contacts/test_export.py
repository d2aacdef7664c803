"""What is read out can be opened by a spreadsheet without harm, and taken in again as it was."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from parley.modules.contacts.export import as_written, harmless


@given(st.text(max_size=30))
def test_no_cell_is_a_formula_and_each_comes_back(text: str) -> None:
    cell = harmless(text)
    assert not cell.startswith(("=", "@", "\t", "\r"))
    assert not cell.startswith(("+", "-")) or cell[1:].replace(".", "", 1).isdigit()
    assert as_written(cell) == text


def test_numbers_stay_as_they_are() -> None:
    assert [harmless(each) for each in ("+15550001111", "-5", "2.5", "-1+1", "+x")] == [
        "+15550001111",
        "-5",
        "2.5",
        "'-1+1",
        "'+x",
    ]
    assert next(csv.reader(io.StringIO("'+x"))) == ["'+x"]
