"""One file out of a `multipart/form-data` body, in chunks as they arrive: it is never whole in memory or on disk."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from parley.core.errors import InvalidInput, fault
from parley.kit.rest.errors import BadRequest, SlowRequest, TooLarge, UnsupportedType

CHUNK_SECONDS = 60.0
"""A caller that sends nothing for so long has gone away."""
AROUND_FILE = 64 * 1024
"""What may surround the file: boundaries, headers, small fields that nobody reads."""


def file_form(wanted: str, content_type: str) -> dict[str, object]:
    """What OpenAPI says of an operation that takes a file of this type in the field `wanted`."""
    schema = {
        "type": "object",
        "required": [wanted],
        "properties": {wanted: {"type": "string", "contentMediaType": content_type}},
    }
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file on its way in. `chunks` must be read to the end; it raises BadRequest when the body breaks off."""

    filename: str | None
    content_type: str | None
    chunks: AsyncIterator[bytes]


@dataclass(slots=True)
class _Part:
    """The part that is being read."""

    headers: dict[str, bytes] = field(default_factory=dict)
    name: bytearray = field(default_factory=bytearray)
    value: bytearray = field(default_factory=bytearray)
    wanted: bool = False


async def read_file(request: Request, wanted: str, *, most: int) -> SentFile:
    """The file in the field `wanted`, once its headers are there. Raises BadRequest, InvalidInput, TooLarge."""
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise UnsupportedType("Send a form: `Content-Type: multipart/form-data; boundary=…`.")
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > most + AROUND_FILE:
        raise TooLarge(f"A file has at most {most} bytes.")
    form = _Form(request.stream(), boundary, wanted, most)
    while form.found is None and await form.advance():
        pass
    if form.found is None:
        sentence = f"Put the file into the form's field {wanted!r}."
        raise InvalidInput("There is no file.", [fault(f"/{wanted}", "missing", sentence)])
    _, disposition = parse_options_header(form.found.get("content-disposition", b""))
    filename = disposition.get(b"filename")
    content_type = form.found.get("content-type")
    return SentFile(
        filename.decode("utf-8", "replace") if filename is not None else None,
        content_type.decode("latin-1") if content_type is not None else None,
        form.chunks(),
    )


class _Form:
    """Feeds what arrives to the parser, and gathers what it says of the wanted file."""

    def __init__(self, stream: AsyncIterator[bytes], boundary: bytes, wanted: str, most: int) -> None:
        self.found: dict[str, bytes] | None = None
        self._stream = stream
        self._wanted = wanted.encode()
        self._most = most
        self._size = 0
        self._whole = False
        self._part = _Part()
        self._waiting: deque[bytes] = deque()
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._data,
                "on_end": self._end,
            },
        )

    async def advance(self) -> bool:
        """Read some more; False at the end of the body. Raises BadRequest, SlowRequest, TooLarge."""
        try:
            async with asyncio.timeout(CHUNK_SECONDS):
                chunk = await anext(self._stream, None)
        except TimeoutError:
            raise SlowRequest("Nothing arrived for a minute.") from None
        except ClientDisconnect:
            raise BadRequest("The caller went away before the file was whole.") from None
        if chunk is None:
            if not self._whole:
                raise BadRequest("The form breaks off before its last boundary.", code="malformed_form")
            return False
        self._size += len(chunk)
        if self._size > self._most + AROUND_FILE:
            raise TooLarge(f"A file has at most {self._most} bytes.")
        try:
            self._parser.write(chunk)
        except FormParserError:
            raise BadRequest("The body is not a form of that boundary.", code="malformed_form") from None
        return True

    async def chunks(self) -> AsyncIterator[bytes]:
        """The file's bytes, to its end and the form's."""
        more = True
        while more:
            while self._waiting:
                yield self._waiting.popleft()
            more = await self.advance()
        while self._waiting:
            yield self._waiting.popleft()

    def _begin(self) -> None:
        self._part = _Part()

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._part.name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._part.value += data[start:end]

    def _header_end(self) -> None:
        part = self._part
        part.headers[part.name.decode("latin-1").lower()] = bytes(part.value)
        part.name, part.value = bytearray(), bytearray()

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._part.headers.get("content-disposition", b""))
        self._part.wanted = options.get(b"name") == self._wanted and self.found is None
        if self._part.wanted:
            self.found = self._part.headers

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._part.wanted:
            self._waiting.append(data[start:end])

    def _end(self) -> None:
        self._whole = True
