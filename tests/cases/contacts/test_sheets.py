"""Files of rows: whatever their encoding and separator, they are read as they were written."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.modules.contacts.service.import_rows import upsert_of
from parley.modules.contacts.service.upsert import Upsert
from parley.modules.contacts.sheets import Dialect, columns_of, dialect_of, rows_of, suggested

CELL = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs"), exclude_characters="'"), max_size=12)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16")


def written(rows: list[list[str]], separator: str, encoding: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, quoting=csv.QUOTE_MINIMAL).writerows(rows)
    return out.getvalue().encode(encoding)


@given(
    st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(ENCODINGS),
)
def test_rows_are_read_as_they_were_written(cells: list[tuple[str, str, str]], separator: str, encoding: str) -> None:
    rows = [["Name", "Phone", "City"], *[[f"x{a}", f"y{b}", f"z{c}"] for a, b, c in cells]]
    content = written(rows, separator, encoding)
    dialect = dialect_of(content)
    assert dialect.separator == separator
    assert list(rows_of(content, dialect)) == [[cell.strip() for cell in row] for row in rows]


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_of_some_kind(content: bytes) -> None:
    for row in rows_of(content, dialect_of(content)):
        assert any(row)


@pytest.mark.parametrize(
    ("content", "dialect"),
    [
        ("a;b\nGrüße;1,5\n".encode(), Dialect("utf-8-sig", ";")),
        ("a;b\nGrüße;1,5\n".encode("cp1252"), Dialect("cp1252", ";")),
        ("a\tb\nGrüße\t1,5\n".encode("utf-16-le"), Dialect("utf-16-le", "\t")),
        (b'a,b\n"x;y;z",1\n', Dialect("utf-8-sig", ",")),
        (b"phone\n+1555\n", Dialect("utf-8-sig", ",")),
        ("名前,電話\n".encode() + "あ,1\n".encode()[:-1] * 3, Dialect("utf-8-sig", ",")),
    ],
)
def test_a_dialect(content: bytes, dialect: Dialect) -> None:
    assert dialect_of(content) == dialect


def test_columns_have_names_of_their_own_and_meanings() -> None:
    columns = columns_of(["E-Mail", "Phone", "", "phone", "Phone", "field.plan"])
    assert columns == ["E-Mail", "Phone", "Column (3)", "phone", "Phone (5)", "field.plan"]
    assert suggested(columns, []) == {"E-Mail": "email", "Phone": "phone"}


def test_a_row_is_somebody() -> None:
    meant = upsert_of({"phone": "+1 555 000 1111", "tags": "a; b|c", "field.city": "", "field.age": "5"}, ["z"])
    assert isinstance(meant, Upsert)
    assert (dict(meant.fields), meant.tags, meant.name) == ({"age": "5"}, ("z", "a", "b", "c"), None)
    for cells, code in (
        ({"name": "Ada"}, "missing"),
        ({"phone": "12"}, "bad_number"),
        ({"email": "x"}, "bad_email"),
        ({"phone": "+15550001111", "language": "5"}, "bad_format"),
        ({"phone": "+15550001111", "tags": "x" * 99}, "too_long"),
    ):
        wrong = upsert_of(cells, [])
        assert isinstance(wrong, tuple)
        assert [each.code for each in wrong] == [code]
