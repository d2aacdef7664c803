"""The client's module of operations: a method for each operation of the API, waiting or not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from keyword import iskeyword

from parley.core.json import JsonObject, JsonValue
from parley.entrypoints.cli.api.operations import Operation, operations_of
from parley.entrypoints.client.shapes import GENERATED
from parley.entrypoints.client.types import type_of

_SHAPES = "shapes."
_FORM = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class _Told:
    """An operation, and its part of the description."""

    operation: Operation
    document: JsonObject

    def answer(self) -> str:
        """The type of its answer: a shape, nothing, or the bytes of a file."""
        for status, response in _object(self.document.get("responses")).items():
            if status.startswith("2"):
                content = _object(_object(response).get("content"))
                if not content:
                    return "None"
                if "application/json" in content:
                    return type_of(_object(content["application/json"]).get("schema"), within=_SHAPES)
                return "bytes"
        return "None"

    def body(self) -> str | None:
        """The type of its body; None without one."""
        content = _object(_object(self.document.get("requestBody")).get("content"))
        if _FORM in content:
            return "File"
        if not content:
            return None
        schema = _object(next(iter(content.values()))).get("schema")
        return type_of(schema, within=_SHAPES)

    def query(self) -> Iterator[tuple[str, str, str]]:
        """Of each parameter of the query: its Python name, its name, its type."""
        listed = self.document.get("parameters")
        for each in listed if isinstance(listed, list) else ():
            told = _object(each)
            if told.get("in") == "query":
                name = str(told["name"])
                python = re.sub(r"\W", "", name)
                yield python + "_" * iskeyword(python), name, type_of(told.get("schema"), within=_SHAPES)


def operations_module(description: JsonObject, *, waits: bool) -> str:
    """The source of `operations.py`, or with `waits` of `async_operations.py`."""
    base = "AsyncCaller" if waits else "Caller"
    name = "AsyncOperations" if waits else "Operations"
    module = "parley_client.async_caller" if waits else "parley_client.caller"
    head = (
        GENERATED,
        '"""Every operation of the API as a method."""\n\n',
        "from __future__ import annotations\n\n",
        "from collections.abc import Mapping\nfrom typing import Literal, cast\n\n",
        f"from parley_client import shapes\nfrom {module} import {base}\n",
        "from parley_client.request import File, Request\n",
    )
    methods = [_method(each, waits=waits) for each in _told(description)]
    return f"{''.join(head)}\n\nclass {name}({base}):\n" + "\n".join(methods)


def _told(description: JsonObject) -> Iterator[_Told]:
    paths = _object(description.get("paths"))
    for operation in operations_of(description).values():
        yield _Told(operation, _object(_object(paths[operation.address]).get(operation.method.lower())))


def _method(told: _Told, *, waits: bool) -> str:
    operation, body, answer = told.operation, told.body(), told.answer()
    query = list(told.query())
    given = [*(f"{name}: str" for name in operation.path), *([f"body: {_input(body)}"] if body else [])]
    given += ["*"] if query or operation.method == "POST" else []
    given += [f"{name}: {_optional(kind)} = None" for name, _, kind in query]
    given += ["idempotency_key: str | None = None"] if operation.method == "POST" else []
    address = re.sub(r"{(\w+)}", r"{self.quoted(\1)}", operation.address)
    parts = [f"{operation.method!r}", f'f"{address}"' if operation.path else f'"{address}"']
    if query:
        parts.append("query={" + ", ".join(f"{name!r}: {python}" for python, name, _ in query) + "}")
    parts += ["file=body"] if body == "File" else ["body=body"] if body else []
    parts += ["idempotency_key=idempotency_key"] if operation.method == "POST" else []
    parts += ["raw=True"] if answer == "bytes" else []
    asks = f"{'await ' if waits else ''}self.ask(Request({', '.join(parts)}))"
    start = "    async def" if waits else "    def"
    return (
        f"{start} {operation.name}(self{''.join(f', {each}' for each in given)}) -> {answer}:\n"
        f'        """{operation.summary}."""\n'
        + (f"        {asks}\n" if answer == "None" else f'        return cast("{answer}", {asks})\n')
    )


def _input(kind: str) -> str:
    return kind if kind == "File" else f"{kind} | Mapping[str, object]"


def _optional(kind: str) -> str:
    return kind if "None" in kind.split(" | ") or kind == "object" else f"{kind} | None"


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}
