"""`Idempotency-Key`: a POST that is repeated with the same key does its work once and is answered the same.

The answer is kept in the transaction of the work, so there is never one without the other. Errors are not kept: a
request that failed may be mended and sent again with its key.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import msgspec
from fastapi import Request, Response

from parley.core.errors import InvalidInput, fault
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.accounts import Stored, finish_request, take_request

HEADER = "idempotency-key"
REPLAYED = "Idempotent-Replayed"

_KEY = re.compile(r"[\x21-\x7e]{1,255}\Z")
_decoder = msgspec.json.Decoder(dict[str, object])


@dataclass(frozen=True, slots=True)
class Once:
    """A request that must do its work once: the key it came with and what it asks for."""

    key: str
    fingerprint: bytes


def key_of(request: Request) -> str | None:
    """The key that a POST came with, if it did. Raises InvalidInput."""
    key = request.headers.get(HEADER)
    if request.method != "POST" or key is None:
        return None
    if not _KEY.match(key):
        sentence = "Use 1 to 255 visible ASCII characters; a UUID does well."
        raise InvalidInput("The Idempotency-Key can't be used.", [fault("/Idempotency-Key", "bad_format", sentence)])
    request.state.idempotency_key = key
    return key


def fingerprint(request: Request, content: bytes) -> bytes:
    """What a request asks for: the same for the same method, address and content."""
    asked = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return hashlib.sha256(asked + content).digest()


async def once(unit: Unit, keys: KeyService, asked: Once, work: Callable[[], Awaitable[Response]]) -> Response:
    """The answer of the first request with this key. Raises Conflict, InvalidInput, and what the work raises."""
    stored = await take_request(unit, keys, asked.key, asked.fingerprint)
    if stored is not None:
        body = msgspec.json.encode(stored.body)
        return Response(body, stored.status, {REPLAYED: "true"}, media_type="application/json")
    answer = await work()
    await finish_request(unit, keys, asked.key, Stored(answer.status_code, _decoder.decode(answer.body)))
    return answer
