"""Contacts as lines of CSV or NDJSON. Pure.

A spreadsheet runs what begins like a formula, so such a cell gets an apostrophe before it; the import takes it off.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

from parley.core.ids import public
from parley.core.json import JsonValue
from parley.modules.contacts.domain import Contact, FieldValue

COLUMNS: Final = (
    "id",
    "name",
    "language",
    "phone",
    "user_id",
    "email",
    "tags",
    "opted_out_at",
    "opted_in_at",
    "created_at",
    "updated_at",
)
FIELD: Final = "field."
"""What the column of a field begins with."""
OTHERS: Final = "other_fields"
"""The column of the fields that nobody defined, as a JSON object."""
TAGS_APART: Final = ", "

_FORMULA: Final = re.compile(r"['=+\-@\t\r]")
_HARMLESS: Final = re.compile(r"[+-]?\d+(?:\.\d+)?\Z")
"""A number or a phone number, which a spreadsheet shows as it is."""


def header(fields: Sequence[str]) -> str:
    """The first line of the CSV; `fields` are the keys of the defined ones."""
    return _line([*COLUMNS, *(f"{FIELD}{key}" for key in fields), OTHERS])


def row(contact: Contact, fields: Sequence[str], tags: Mapping[UUID, str]) -> str:
    """A contact's line of the CSV."""
    known = contact.profile.fields
    others = {key: value for key, value in known.items() if key not in fields}
    cells = [*_own(contact, tags).values(), *(known.get(key) for key in fields)]
    return _line([*map(_cell, cells), msgspec.json.encode(others).decode() if others else ""])


def line(contact: Contact, tags: Mapping[UUID, str]) -> bytes:
    """A contact's line of the NDJSON."""
    profile = contact.profile
    identities = [{"kind": each.kind, "value": each.value} for each in profile.identities]
    shown: dict[str, JsonValue] = {
        **_own(contact, tags),
        "tags": _tags(contact, tags),
        "identities": identities,
        "fields": profile.fields,
    }
    return msgspec.json.encode(shown) + b"\n"


def bad_row_line(cells: Sequence[str]) -> bytes:
    """A line of a file of rows that were not taken."""
    return _line(map(harmless, cells)).encode()


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) and not _HARMLESS.match(text) else text


def as_written(cell: str) -> str:
    """A cell as it was before it was made harmless."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def _own(contact: Contact, tags: Mapping[UUID, str]) -> dict[str, FieldValue | None]:
    profile = contact.profile
    return {
        "id": public("con", contact.id),
        "name": profile.name,
        "language": profile.language,
        "phone": profile.identity("phone"),
        "user_id": profile.identity("user_id"),
        "email": profile.identity("email"),
        "tags": TAGS_APART.join(_tags(contact, tags)),
        "opted_out_at": contact.opted_out_since,
        "opted_in_at": contact.allowed_since,
        "created_at": contact.created_at,
        "updated_at": contact.updated_at,
    }


def _tags(contact: Contact, tags: Mapping[UUID, str]) -> list[str]:
    return [tags[each] for each in contact.profile.tags if each in tags]


def _cell(value: FieldValue | None) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else harmless(str(value))


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
