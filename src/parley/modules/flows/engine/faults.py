"""Everything wrong with a document at once: each fault with its JSON Pointer and a sentence that says what to do."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

import msgspec

from parley.core.errors import Fault, fault
from parley.core.json import JsonObject, JsonValue

_PLACE = re.compile(r"^(?P<words>.*?)(?: - at `(?:key in )?\$(?P<path>.*)`)?$", re.DOTALL)
_PATH_STEP = re.compile(r"\.(?P<name>[^.\[]+)|\[(?P<index>\d+|\.\.\.)\]")
_NOT_TEXT = re.compile(r"^Expected `str(?: \| [^`]*)?`, got `(?:int|float|bool)`$")


def pointer(*steps: str | int) -> str:
    """A JSON Pointer from its steps."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def shape_faults(
    kind: type[msgspec.Struct], document: JsonValue, at: str, *, known: frozenset[str] = frozenset()
) -> Iterator[Fault]:
    """What keeps a document from being of a kind, field by field. `known` are keys that are checked elsewhere."""
    if not isinstance(document, dict):
        yield fault(at, "wrong_type", f"Here belongs an object with its fields, not {_called(document)}.")
        return
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for name in document:
        if name not in fields and name not in known:
            yield fault(at + pointer(str(name)), "unknown_field", _unknown(str(name), list(fields)))
    found = [each for name in fields.keys() - known for each in _written_faults(fields[name], document, at)]
    yield from sorted(found, key=lambda each: each.pointer)
    if not found and not known and set(document) <= {*fields, "type"}:
        yield from _field_faults(kind, document, at)


def _written_faults(field: msgspec.structs.FieldInfo, document: JsonObject, at: str) -> Iterator[Fault]:
    name = field.encode_name
    if name in document:
        yield from _field_faults(field.type, document[name], at + pointer(name))
    elif field.required:
        yield fault(at + pointer(name), "missing", f"{name!r} is missing; write it.")


def _field_faults(type_: object, value: JsonValue, at: str) -> Iterator[Fault]:
    try:
        msgspec.convert(value, type=type_)
    except msgspec.ValidationError as error:
        match = _PLACE.match(str(error))
        words, path = (match["words"], match["path"] or "") if match else (str(error), "")
        place, code = at + _pointer_of(path), "invalid"
        if "missing required field" in words:
            code = "missing"
        elif "unknown field" in words:
            code = "unknown_field"
        yield fault(place, code, _sentence(words))
    except RecursionError:
        yield fault(at, "invalid", "This is nested too deeply; make it flatter.")


def _pointer_of(path: str) -> str:
    """`[0].title` as `/0/title`; it ends where a key is not told."""
    steps: list[str] = []
    for match in _PATH_STEP.finditer(path):
        step = match["name"] or match["index"]
        if step == "...":
            break
        steps.append(step)
    return pointer(*steps)


def _sentence(words: str) -> str:
    if _NOT_TEXT.match(words):
        return f"{words}: this must be text; put it in quotes."
    if "matching regex" in words:
        return f"This is not spelt as it should be: {words[0].lower()}{words[1:]}."
    return words.rstrip(".") + "."


def _unknown(name: str, fields: list[str]) -> str:
    close = get_close_matches(name, fields, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(sorted(fields))}."
    return f"There is no field {name!r} here; {hint}"


def _called(value: JsonValue) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list | tuple) else "a single value"
