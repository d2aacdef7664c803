"""Files of rows as people have them: which encoding, which separator, what the columns mean. Pure."""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

import msgspec

from parley.core.text import fold
from parley.modules.contacts.export import FIELD, as_written
from parley.modules.contacts.fields import FieldDefinition

Encoding = Literal["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]

HEAD_BYTES: Final = 256 * 1024
"""How much of a file is looked at to tell what it is."""
MAX_COLUMNS: Final = 200
PREVIEW_ROWS: Final = 5
_SEPARATORS: Final = (",", ";", "\t", "|")
_LOOKED_AT: Final = 30
"""Rows that a separator is judged by."""

_MEANINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "phone": ("phone", "phone number", "mobile", "mobile number", "cell", "whatsapp", "telefon", "telefono", "telefone",
              "celular", "movil", "téléphone", "handy", "number", "msisdn"),
    "user_id": ("user id", "userid", "bsuid"),
    "email": ("email", "e mail", "mail", "correo", "email address", "e mail address"),
    "name": ("name", "full name", "fullname", "contact name", "nombre", "nome", "nom", "contact"),
    "language": ("language", "lang", "locale", "idioma", "langue", "sprache"),
    "tags": ("tags", "tag", "labels", "groups", "etiquetas"),
}  # fmt: skip
"""What columns are called that mean this, folded."""


class Dialect(msgspec.Struct, frozen=True):
    """How a file of rows is written."""

    encoding: Encoding
    separator: str


def dialect_of(head: bytes) -> Dialect:
    """What the beginning of a file shows. Any bytes are some dialect."""
    encoding = _encoding(head)
    text = head.decode(encoding, "replace")
    return Dialect(encoding, max(_SEPARATORS, key=lambda each: (_evenness(text, each), -_SEPARATORS.index(each))))


def rows_of(content: bytes, dialect: Dialect) -> Iterator[list[str]]:
    """The rows that have anything in them, the header first. Raises csv.Error for a cell beyond all measure."""
    text = io.TextIOWrapper(io.BytesIO(content), dialect.encoding, errors="replace", newline="")
    for row in csv.reader(text, delimiter=dialect.separator):
        if any(cell.strip() for cell in row):
            yield [as_written(cell.strip()) for cell in row]


def columns_of(header: Sequence[str]) -> list[str]:
    """The names of the columns, each once: what is empty or there already gets its place."""
    names: list[str] = []
    for place, cell in enumerate(header[:MAX_COLUMNS], 1):
        names.append(f"{cell or 'Column'} ({place})" if not cell or cell in names else cell)
    return names


def suggested(columns: Sequence[str], fields: Sequence[FieldDefinition]) -> dict[str, str]:
    """What each column seems to mean, where it seems anything; no meaning twice."""
    known = {fold(word): f"{FIELD}{each.key}" for each in fields for word in (each.key, each.about.label)}
    known.update({fold(f"{FIELD}{each.key}"): f"{FIELD}{each.key}" for each in fields})
    known.update({fold(word): meaning for meaning, words in _MEANINGS.items() for word in words})
    found: dict[str, str] = {}
    for column in columns:
        meaning = known.get(fold(column.replace("_", " ").replace("-", " "))) or known.get(fold(column))
        if meaning is not None and meaning not in found.values():
            found[column] = meaning
    return found


def _encoding(head: bytes) -> Encoding:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head[1:200:2].count(0) > len(head[1:200:2]) // 2:
        return "utf-16-le"
    if head[0:200:2].count(0) > len(head[0:200:2]) // 2:
        return "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=False)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _evenness(text: str, separator: str) -> tuple[int, int]:
    """How many of the first rows have as many cells as the header, and how many cells that is; 0 for one column."""
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            rows.append(row)
            if len(rows) > _LOOKED_AT:
                break
    except csv.Error:
        return 0, 0
    width = len(rows[0]) if rows else 0
    return (sum(len(row) == width for row in rows), width) if width > 1 else (0, 0)
