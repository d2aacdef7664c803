"""Dated versions: a client is answered in the shapes it was written for, while the code knows only the newest.

`Parley-Version: 2026-11-23` names a version; without it a key is served in that of its first request. A request is
turned from its version into the newest by each change in between, the oldest first, its answer back, newest first.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec
from fastapi import Request, Response

from parley.core.json import JsonObject
from parley.kit.rest.errors import BadRequest
from parley.kit.rest.route import PREFIX, Operation
from parley.modules.accounts import Principal

HEADER = "parley-version"
FIRST = date(2026, 11, 23)
_BAD = 300

Turn = Callable[[JsonObject], JsonObject]
_decoder = msgspec.json.Decoder()


def _as_it_is(body: JsonObject) -> JsonObject:
    return body


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change that would break a client of the version before `since`; `operations` are (method, documented path)."""

    since: date
    summary: str
    operations: frozenset[tuple[str, str]]
    request: Turn = _as_it_is
    """A body of the version before, in this one."""
    answer: Turn = _as_it_is
    """An object of this version, as it was before; a page's objects are turned one by one."""


class Versions:
    """The chain of changes, newest first."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self._changes = tuple(changes)
        self.known = tuple(sorted({FIRST, *(each.since for each in changes)}))

    @property
    def newest(self) -> date:
        return self.known[-1]

    def choose(self, request: Request, principal: Principal) -> date:
        """In which version to serve; said in the answer. Raises BadRequest."""
        named = request.headers.get(HEADER)
        version = self._read(named) if named is not None else principal.version or self.newest
        request.state.version = version
        request.state.headers[HEADER] = version.isoformat()
        return version

    def between(self, operation: Operation, method: str, version: date) -> tuple[Change, ...]:
        """What changed of an operation after a version, newest first."""
        place = (method, operation.path)
        return tuple(each for each in self._changes if each.since > version and place in each.operations)

    def _read(self, named: str) -> date:
        try:
            version = date.fromisoformat(named)
        except ValueError:
            version = date.min
        if version not in self.known:
            there_are = ", ".join(each.isoformat() for each in self.known)
            raise BadRequest(f"There is no such version of the API; there are {there_are}.", code="unknown_version")
        return version


def is_versioned(operation: Operation) -> bool:
    """Whether an operation has our versions; the façade has its provider's."""
    return operation.path.startswith(PREFIX)


def upgraded(changes: Sequence[Change], body: bytes) -> bytes:
    """A request's body in the newest version."""
    asked = _decoder.decode(body) if body else None
    if not isinstance(asked, dict):
        return body
    for change in reversed(changes):
        asked = change.request(asked)
    return msgspec.json.encode(asked)


def downgraded(changes: Sequence[Change], answer: Response) -> Response:
    """An answer as the client's version had it; errors have one shape in all."""
    if answer.status_code >= _BAD or not answer.body:
        return answer
    told = _decoder.decode(answer.body)
    for change in changes:
        if isinstance(told.get("data"), list) and "next_cursor" in told:
            told = {**told, "data": [change.answer(each) for each in told["data"]]}
        else:
            told = change.answer(told)
    headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
    return Response(msgspec.json.encode(told), answer.status_code, headers)
