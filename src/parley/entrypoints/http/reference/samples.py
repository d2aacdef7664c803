"""Samples of the reference: what to send and what comes back, and programs that do it in three languages."""

import json

from parley.core.json import JsonObject, JsonValue
from parley.entrypoints.cli.api.operations import Operation
from parley.entrypoints.http.reference.shapes import Shapes, as_object

DEEPEST = 6
_PLAIN: dict[str, JsonValue] = {"string": "…", "integer": 1, "number": 1.5, "boolean": True, "object": {}}
_MOMENT = "2026-11-23T15:04:05.123Z"


def sample(shapes: Shapes, schema: JsonValue, depth: int = 0) -> JsonValue:
    """A value of this schema: its own example, else one put together from its members'."""
    told = shapes.opened(schema)
    for key in ("examples", "example", "const", "enum"):
        given = told.get(key)
        if given is not None:
            return given[0] if isinstance(given, list) and given and key != "example" else given
    choices = told.get("anyOf") or told.get("oneOf")
    if isinstance(choices, list):
        return sample(shapes, choices[0], depth)
    kind = told.get("type")
    if kind == "array":
        return [sample(shapes, told.get("items"), depth + 1)] if depth < DEEPEST else []
    members = as_object(told.get("properties"))
    if members:
        return {name: sample(shapes, each, depth + 1) for name, each in members.items()} if depth < DEEPEST else {}
    if told.get("format") == "date-time":
        return _MOMENT
    return _PLAIN.get(str(kind))


def written(value: JsonValue) -> str:
    """JSON for reading."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def curl(operation: Operation, body: JsonValue) -> str:
    """A command line that asks for it."""
    lines = [f'curl "$PARLEY_API_URL{_address(operation)}"', '--header "Authorization: Bearer $PARLEY_API_KEY"']
    if operation.method not in ("GET", "POST") or (operation.method == "POST" and body is None):
        lines.insert(1, f"--request {operation.method}")
    if operation.takes == "multipart/form-data":
        lines.append('--form "file=@receipt.pdf"')
    elif body is not None:
        lines.append(f"--json '{written(body)}'")
    return " \\\n  ".join(lines)


def python(operation: Operation, body: JsonValue) -> str:
    """The same with the Python client."""
    given = [*(f'"{_id(name)}"' for name in operation.path)]
    if operation.takes == "multipart/form-data":
        given.append('("receipt.pdf", open("receipt.pdf", "rb"), "application/pdf")')
    elif body is not None:
        given.append(_python(body))
    call = f"parley.{operation.name}({', '.join(given)})"
    return f"from parley_client import Parley\n\nwith Parley(key, url=url) as parley:\n    answer = {_indented(call)}"


def javascript(operation: Operation, body: JsonValue) -> str:
    """The same with `fetch`."""
    lines = [f'  method: "{operation.method}",', "  headers: { authorization: `Bearer ${key}` },"]
    before = ""
    if operation.takes == "multipart/form-data":
        before, lines = 'const form = new FormData();\nform.append("file", file);\n', [*lines, "  body: form,"]
    elif body is not None:
        lines[1] = '  headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },'
        lines.append(f"  body: JSON.stringify({_indented(written(body), 2)}),")
    options = "\n".join(lines)
    return f"{before}const answer = await fetch(`${{url}}{_address(operation)}`, {{\n{options}\n}});"


def _address(operation: Operation) -> str:
    address = operation.address
    for name in operation.path:
        address = address.replace("{" + name + "}", _id(name))
    return address


def _id(name: str) -> str:
    """How a value of a path's parameter begins: `msg_…` for `message_id`."""
    prefixes = {"message_id": "msg_…", "contact_id": "con_…", "conversation_id": "cnv_…", "channel_id": "chn_…"}
    return prefixes.get(name, "…")


def _python(value: JsonValue) -> str:
    text = json.dumps(value, indent=4, ensure_ascii=False)
    for ours, theirs in (("true", "True"), ("false", "False"), ("null", "None")):
        text = text.replace(f": {ours}", f": {theirs}")
    return text


def _indented(text: str, spaces: int = 4) -> str:
    return text.replace("\n", "\n" + " " * spaces)


def answer_of(document: JsonObject) -> JsonValue:
    """The schema of the answer when all went well; None without a JSON body."""
    for status, response in as_object(document.get("responses")).items():
        if status.startswith("2"):
            content = as_object(as_object(response).get("content"))
            return as_object(content.get("application/json")).get("schema")
    return None
