"""Where the shared folder of payload samples and references is, and how a fact is compared with a table's row."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from parley.core.json import JsonValue

REPOSITORY = Path(__file__).parents[3]
SHARED = Path(os.environ.get("PARLEY_SHARED") or REPOSITORY.parent / "shared")
HERE = Path(__file__).parent

needs_payloads = pytest.mark.skipif(
    not (SHARED / "payloads").is_dir(), reason="no payload samples: set PARLEY_SHARED to the shared folder"
)
needs_openapi = pytest.mark.skipif(
    not (SHARED / "reference" / "meta-openapi-v23.yaml").is_file(),
    reason="no OpenAPI file of Meta's: set PARLEY_SHARED to the shared folder",
)


def payloads(*folders: str) -> list[str]:
    """The names of the samples in these folders, such as `inbound/text.json`."""
    root = SHARED / "payloads"
    return sorted(str(file.relative_to(root)) for folder in folders for file in (root / folder).glob("*.json"))


def payload(name: str) -> bytes:
    return (SHARED / "payloads" / name).read_bytes()


def table(name: str) -> dict[str, JsonValue]:
    """A YAML table beside the tests."""
    with (HERE / name).open(encoding="utf-8") as file:
        found = yaml.load(file, Loader=yaml.CSafeLoader)
    assert isinstance(found, dict)
    return found


def look(fact: object, path: str) -> object:
    """The member at a dotted path of a fact; datetimes as ISO text, tuples as lists, the length as `#`."""
    here = fact
    for step in path.split("."):
        if step == "#":
            here = len(here) if isinstance(here, list | tuple | dict) else None
        elif isinstance(here, Mapping):
            here = here.get(step)
        elif isinstance(here, list | tuple):
            here = here[int(step)]
        else:
            here = getattr(here, step)
    isoformat = getattr(here, "isoformat", None)
    return isoformat() if isoformat else list(here) if isinstance(here, tuple) else here


def differences(facts: list[object], expected: JsonValue) -> Iterator[str]:
    """What differs between facts and the rows `{Kind: {path: value}}`, one line each."""
    rows = expected if isinstance(expected, list) else []
    kinds = [type(fact).__name__ for fact in facts]
    wanted = [next(iter(row)) for row in rows if isinstance(row, dict)]
    if kinds != wanted:
        yield f"kinds: {kinds} instead of {wanted}"
        return
    for index, (fact, row) in enumerate(zip(facts, rows, strict=True)):
        members = next(iter(row.values())) if isinstance(row, dict) else None
        for path, value in (members or {}).items() if isinstance(members, dict) else ():
            if (found := look(fact, path)) != value:
                yield f"{index} {path}: {found!r} instead of {value!r}"
