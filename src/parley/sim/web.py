"""Requests and answers of the simulator, without a framework: the path of a message is the hot one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import parse_qsl

import msgspec

Json: TypeAlias = dict[str, object]

encode = msgspec.json.encode


@dataclass(slots=True, kw_only=True)
class Request:
    """One HTTP request. `parts` are the path's segments, without the version; `version` is 23 for `/v23.0/`."""

    method: str
    parts: list[str]
    version: int
    body: bytes
    headers: Iterable[tuple[bytes, bytes]] = ()
    query_string: str = ""
    _query: dict[str, str] | None = field(default=None, init=False)

    @property
    def query(self) -> dict[str, str]:
        if self._query is None:
            self._query = dict(parse_qsl(self.query_string, keep_blank_values=True))
        return self._query

    def header(self, name: bytes) -> str:
        """The value of a header, named in lower case; empty when it is not there."""
        for key, value in self.headers:
            if key == name:
                return value.decode("latin-1")
        return ""

    def json(self) -> Json | None:
        """The body as a JSON object; None when it is none. An empty body is the empty object."""
        if not self.body:
            return {}
        try:
            value: object = msgspec.json.decode(self.body)
        except (msgspec.DecodeError, RecursionError):
            return None
        return as_object(value)


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, ready to be written."""

    status: int
    body: bytes
    content_type: bytes = b"application/json"


def answer(body: object, *, status: int = 200) -> Answer:
    """A JSON answer."""
    return Answer(status, encode(body))


SUCCESS = answer({"success": True})


def as_object(value: object) -> Json | None:
    """The value when it is a JSON object, else None."""
    return value if isinstance(value, dict) else None


def as_list(value: object) -> list[object]:
    """The value when it is a JSON array, else an empty one."""
    return value if isinstance(value, list) else []


def text_of(parent: Mapping[str, object], key: str) -> str:
    """The member when it is text; numbers become text, everything else the empty one."""
    value = parent.get(key)
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def number_of(text: str, default: int) -> int:
    """A query parameter as a whole number; `default` when it is none."""
    try:
        return int(text)
    except ValueError:
        return default
