"""Meta's OpenAPI file as JSON Schemas. Reading its YAML takes seconds, so the parsed form is kept in a temp folder."""

import hashlib
import os
import pickle
import tempfile
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from parley.core.json import JsonObject, JsonValue
from tests.cases.whatsapp.samples import SHARED, table

FILE = SHARED / "reference" / "meta-openapi-v23.yaml"


def _read() -> JsonObject:
    """The file's components, the schemas of JSON POSTs and of answers; from the cache where the file is the same."""
    state = FILE.stat()
    key = hashlib.sha256(f"3:{FILE}:{state.st_mtime_ns}:{state.st_size}".encode()).hexdigest()[:24]
    # A folder of this user's own: nobody else can put a pickle there.
    folder = Path(tempfile.gettempdir()) / f"parley-openapi-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    cached = folder / f"{key}.pickle"
    if folder.stat().st_uid == os.getuid() and cached.is_file():
        found = pickle.loads(cached.read_bytes())  # noqa: S301 - written by this user, in a folder of its own
    else:
        with FILE.open("rb") as file:
            whole = yaml.load(file, Loader=yaml.CSafeLoader)
        found = {"components": whole["components"], "posts": dict(_posts(whole["paths"]))}
        found["answers"] = dict(_answers(whole))
        cached.write_bytes(pickle.dumps(found))
    assert isinstance(found, dict)
    return found


def _posts(paths: dict[str, dict[str, dict[str, dict[str, JsonValue]]]]) -> Iterator[tuple[str, JsonValue]]:
    for path, verbs in paths.items():
        content = verbs.get("post", {}).get("requestBody", {}).get("content", {})
        if isinstance(content, dict) and "application/json" in content:
            yield path, content["application/json"]["schema"]


def _answers(whole: dict[str, dict[str, dict[str, dict[str, Any]]]]) -> Iterator[tuple[str, JsonValue]]:
    for path, verbs in whole["paths"].items():
        for verb in ("get", "post", "delete"):
            good = verbs.get(verb, {}).get("responses", {}).get("200", {})
            if "$ref" in good:
                good = whole["components"]["responses"][good["$ref"].rpartition("/")[2]]
            schema = good.get("content", {}).get("application/json", {}).get("schema")
            if schema is not None:
                yield f"{verb} {path}", schema


class Schemas:
    """Validators by the name of a schema, after the repairs of openapi_repairs.yaml."""

    def __init__(self, repairs: list[dict[str, str]]) -> None:
        found = deepcopy(_read())
        assert isinstance(found["components"], dict)
        assert isinstance(found["posts"], dict)
        assert isinstance(found["answers"], dict)
        self._components = found["components"]
        self._answers = found["answers"]
        self._posts = found["posts"]
        for repair in repairs:
            _repair(self._components, repair)

    def errors(self, name: str, body: JsonValue) -> list[str]:
        """What the schema refuses, as sentences with the place."""
        return self._refusals({"$ref": f"#/components/schemas/{name}"}, body)

    def post_errors(self, edge: str, body: JsonValue) -> list[str]:
        """What the schema of `POST …/edge` refuses."""
        [schema] = [schema for path, schema in self._posts.items() if path.endswith(f"}}/{edge}")]
        return self._refusals(schema, body)

    def answer_errors(self, method: str, path: str, body: JsonValue) -> list[str]:
        """What the schema of an operation's good answer refuses; `path` as in Meta's file, below the version."""
        schema = self._answers.get(f"{method.lower()} /{{Version}}{path}")
        return self._refusals(schema, body) if schema is not None else []

    def message_errors(self, body: dict[str, JsonValue]) -> list[str]:
        """What the schema of its type refuses in a message; what the file does not know yet is not looked at."""
        kind = str(body["type"])
        known = kind not in _listed("types_missing")
        refused = self.errors(f"{kind.capitalize()}Message" if known else "BaseMessageProperties", body)
        interactive = body.get("interactive")
        action = interactive.get("type") if isinstance(interactive, dict) else None
        news = action in _listed("actions_missing")
        return [error for error in refused if not (news and error.startswith("$.interactive.action: "))]

    def _refusals(self, part: dict[str, JsonValue], body: JsonValue) -> list[str]:
        schema = {**part, "components": self._components}
        found = Draft202012Validator(schema).iter_errors(body)
        return [f"{error.json_path}: {error.message[:160]}" for error in found]


@cache
def schemas() -> Schemas:
    """Meta's, repaired."""
    return Schemas(_listed("repairs"))


def _listed(name: str) -> list[Any]:
    found = table("openapi_repairs.yaml")[name]
    assert isinstance(found, list)
    return found


def _repair(found: dict[str, JsonValue], repair: dict[str, str]) -> None:
    """Replace the keyword at a place: `at` is a path below `schemas`, `now` its new value (absent: removed)."""
    here: JsonValue = found["schemas"]
    *steps, last = repair["at"].split("/")
    for step in steps:
        here = here[int(step)] if isinstance(here, list) else here[step]  # type: ignore[index,call-overload]
    assert isinstance(here, dict), repair["at"]
    assert last in here, f"{repair['at']} is gone from Meta's file: drop the repair"
    if "now" in repair:
        here[last] = repair["now"]
    else:
        del here[last]
