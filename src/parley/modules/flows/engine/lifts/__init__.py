"""Lifting: a document of an older schema is read as one of today's, with the same meaning. One file per step, `from_N`.

A step is a pure function from a document to one of the next schema. It is tolerant: what it does not understand it
leaves as it is, for the reader of today to complain about. Once released a step is never changed.
"""

from collections.abc import Callable, Mapping
from typing import Final

from parley.core.errors import Fault, fault
from parley.core.json import JsonObject
from parley.modules.flows.engine.lifts import from_1

SCHEMA: Final = 2
"""Of today's documents. A change of meaning takes the next number, and a step that lifts from the one before."""

STEPS: Final[Mapping[int, Callable[[JsonObject], JsonObject]]] = {1: from_1.lift}


def schema_of(document: JsonObject) -> object:
    """The schema that a document says it is of. The first one called it `format`, and did not need it written."""
    return document.get("schema", 1)


def lift(document: JsonObject) -> tuple[JsonObject, list[Fault]]:
    """The document as one of today's schema, and what was wrong with the number it gives."""
    written = schema_of(document)
    if isinstance(written, bool) or not isinstance(written, int) or not 1 <= written <= SCHEMA:
        sentence = f"This Parley reads the schemas 1 to {SCHEMA}; write `schema: {SCHEMA}`, or update Parley."
        return document, [fault("/schema", "unknown_schema", sentence)]
    for step in range(written, SCHEMA):
        document = STEPS[step](document)
    return document, []
