"""Read a JSON body whole, within its bounds, before any unit begins."""

import asyncio

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive

from parley.core.json import JsonValue
from parley.kit.rest.errors import BadRequest, SlowRequest, TooLarge, UnsupportedType

MAX_BODY = 1024 * 1024
"""A message, a contact, even a large flow is well below; files have their own way in."""
BODY_SECONDS = 30.0
"""A body that takes longer is somebody holding connections open."""

_decoder = msgspec.json.Decoder()
_encoder = msgspec.json.Encoder(order="deterministic")


async def read_body(request: Request) -> bytes:
    """The body, which is empty or JSON. Raises BadRequest, TooLarge, SlowRequest, UnsupportedType."""
    body = await read_bytes(request)
    if body and not _is_json(request):
        raise UnsupportedType("Send JSON, with the header `Content-Type: application/json`.")
    return body


async def read_bytes(request: Request) -> bytes:
    """The body, whatever it is. Raises BadRequest, TooLarge, SlowRequest."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > MAX_BODY:
        raise TooLarge(f"A body has at most {MAX_BODY} bytes.")
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_BODY:
                    raise TooLarge(f"A body has at most {MAX_BODY} bytes.")
    except TimeoutError:
        raise SlowRequest(f"The body did not arrive within {BODY_SECONDS:g} seconds.") from None
    except ClientDisconnect:
        raise BadRequest("The caller went away before the body was whole.") from None
    return bytes(body)


def canonical(body: bytes) -> bytes:
    """One spelling of equal JSON documents: no spaces, members in order. Raises BadRequest."""
    if not body:
        return b""
    try:
        document: JsonValue = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise BadRequest(f"The body is not JSON: {error}.", code="malformed_json") from None
    except RecursionError:
        raise BadRequest("The body is nested too deeply.", code="malformed_json") from None
    return _encoder.encode(document)


def given_again(body: bytes) -> Receive:
    """What was read, for a reader further in."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _is_json(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")
