"""The request that the words after an operation's name ask for.

`name=text` is text, `name:=json` any JSON, `name=@file` the file of an upload. A name is a parameter of the address or
of the query, else a member of the body; dots lead inside: `text.body=Hello`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

from parley.core.errors import Fault, InvalidInput, fault
from parley.core.json import JsonObject, JsonValue
from parley.entrypoints.cli.api.operations import Operation

FORM = "multipart/form-data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it will leave: `target` is path and query. At most one of `body` and `file` is there."""

    method: str
    target: str
    body: JsonObject | None = None
    file: Path | None = None


@dataclass(slots=True)
class _Sorted:
    path: dict[str, str] = field(default_factory=dict)
    query: list[tuple[str, str]] = field(default_factory=list)
    body: dict[str, JsonValue] = field(default_factory=dict)
    file: Path | None = None
    faults: list[Fault] = field(default_factory=list)


def asked(operation: Operation, words: Sequence[str], body: JsonObject | None) -> Asked:
    """The request. `body` is given whole (from a file); words add to it. Raises InvalidInput naming each wrong word."""
    found = _Sorted(body=dict(body or {}))
    for word in words:
        _sort(operation, word, found)
    missing = [name for name in operation.path if name not in found.path]
    found.faults += [fault(f"/{name}", "missing", f"Say which: {name}=…") for name in missing]
    if found.body and operation.takes is None:
        names = ", ".join(found.body)
        found.faults.append(
            fault("", "unknown_member", f"{operation.name} takes no body; it knows nothing of: {names}.")
        )
    if found.faults:
        raise InvalidInput(f"{operation.name} can't be asked like this; {_known(operation)}", found.faults)
    address = operation.address
    for name, value in found.path.items():
        address = address.replace("{" + name + "}", quote(value, safe=""))
    target = address + (f"?{urlencode(found.query)}" if found.query else "")
    has_body = operation.takes is not None and found.file is None
    return Asked(method=operation.method, target=target, body=found.body if has_body else None, file=found.file)


def _known(operation: Operation) -> str:
    names = [*operation.path, *operation.query]
    told = f"it takes {', '.join(names)}" if names else "it takes no parameters"
    return f"{told}, and the members of a body." if operation.takes else f"{told}."


def _sort(operation: Operation, word: str, found: _Sorted) -> None:
    name, equals, text = word.partition("=")
    as_json = name.endswith(":")
    name = name.removesuffix(":")
    if not equals or not name:
        found.faults.append(fault("", "bad_format", f"{word!r} is not name=text, name:=json or name=@file."))
    elif name in operation.path:
        found.path[name] = text
    elif name in operation.query:
        found.query.append((name, text))
    elif text.startswith("@") and operation.takes == FORM:
        found.file = Path(text[1:])
    else:
        _put(found, name, text, as_json=as_json)


def _put(found: _Sorted, name: str, text: str, *, as_json: bool) -> None:
    try:
        value: JsonValue = json.loads(text) if as_json else text
    except json.JSONDecodeError as error:
        found.faults.append(fault(_pointer(name), "malformed_json", f"What stands after := is not JSON: {error}."))
        return
    place = found.body
    *outer, last = name.split(".")
    for step in outer:
        inner = place.setdefault(step, {})
        if not isinstance(inner, dict):
            found.faults.append(fault(_pointer(name), "wrong_type", f"{step} was given as a value already."))
            return
        place = inner
    place[last] = value


def _pointer(name: str) -> str:
    return "/" + name.replace(".", "/")
