"""Calls the API: one request, or all pages of a list. Errors are those of the command line."""

import json
import mimetypes
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from parley.core.errors import Fault, InvalidInput, Unauthorized, Unavailable, fault
from parley.core.ids import new_uuid
from parley.core.json import JsonObject, JsonValue
from parley.entrypoints.cli.api.words_given import Asked
from parley.kit.http import Answer, FormFile, HttpClient, HttpFailure

SECONDS = 120.0
"""An upload of the largest file over a slow line."""
LAST_SUCCESS = 299


@dataclass(frozen=True, slots=True)
class Api:
    """A platform's API: where it is, and the key to ask with."""

    http: HttpClient
    url: str
    key: str | None

    async def description(self) -> JsonObject:
        """Its OpenAPI document. Raises Unavailable."""
        found = _read(await self._call(Asked(method="GET", target="/v1/openapi.json"), {}))
        if not isinstance(found, dict):
            raise Unavailable(f"What answers at {self.url} is no Parley; see --url.", retry_after=1)
        return found

    async def ask(self, wanted: Asked) -> JsonValue:
        """The answer's body; text where it is no JSON.

        Raises InvalidInput with what the API answered, Unauthorized without a key, Unavailable when nobody answers.
        """
        if not self.key:
            raise Unauthorized("Give a key: export PARLEY_API_KEY=parley_live_… (`parley key create` makes one).")
        headers = {"authorization": f"Bearer {self.key}"}
        if wanted.method == "POST":
            headers["idempotency-key"] = str(new_uuid())
        return _read(await self._call(wanted, headers))

    async def pages(self, wanted: Asked) -> AsyncIterator[JsonValue]:
        """Every thing of a list, page after page."""
        sign = "&" if "?" in wanted.target else "?"
        cursor: JsonValue = None
        while True:
            after = f"{sign}{urlencode({'after': str(cursor)})}" if cursor else ""
            page = await self.ask(Asked(method="GET", target=wanted.target + after))
            if not isinstance(page, dict) or not isinstance(page.get("data"), list):
                raise InvalidInput("This answer is no list; leave --all out.")
            things = page["data"]
            for each in things if isinstance(things, list) else ():
                yield each
            cursor = page.get("next_cursor")
            if not cursor:
                return

    async def _call(self, wanted: Asked, headers: Mapping[str, str]) -> Answer:
        try:
            return await self._sent(wanted, headers)
        except HttpFailure as error:
            sentence = f"Nothing answers at {self.url} ({error}). Start `parley up`, or say where: --url."
            raise Unavailable(sentence, retry_after=1) from None

    async def _sent(self, wanted: Asked, headers: Mapping[str, str]) -> Answer:
        url = self.url.rstrip("/") + wanted.target
        if wanted.file is not None:
            try:
                data = wanted.file.read_bytes()
            except OSError as error:
                raise InvalidInput(f"{wanted.file} can't be read: {error.strerror}.", code="file_missing") from None
            kind = mimetypes.guess_type(wanted.file.name)[0] or "application/octet-stream"
            file = FormFile(data=data, content_type=kind, filename=wanted.file.name)
            return await self.http.upload(url, headers=headers, fields={}, file=file, deadline=SECONDS)
        body = None if wanted.body is None else json.dumps(wanted.body).encode()
        typed = {**headers, "content-type": "application/json"} if body is not None else headers
        return await self.http.request(wanted.method, url, headers=typed, body=body, deadline=SECONDS)


def _read(answer: Answer) -> JsonValue:
    text = answer.body.decode(errors="replace")
    try:
        told: JsonValue = json.loads(text) if text else None
    except json.JSONDecodeError:
        told = text
    if answer.status > LAST_SUCCESS:
        raise _refusal(answer.status, told if isinstance(told, dict) else {})
    return told


def _refusal(status: int, problem: JsonObject) -> InvalidInput:
    """A problem document as an error of the command line."""
    detail = problem.get("detail", "The API said no more.")
    request = f" (request {problem['request_id']})" if "request_id" in problem else ""
    faults = problem.get("errors")
    return InvalidInput(
        f"HTTP {status}: {detail}{request}",
        [_fault(each) for each in faults if isinstance(each, dict)] if isinstance(faults, list) else (),
        code=str(problem.get("code", "failed")),
    )


def _fault(told: JsonObject) -> Fault:
    return fault(str(told.get("pointer", "")), str(told.get("code", "")), str(told.get("detail", "")))
