"""From bytes to a JSON object that is safe to keep, whatever the bytes are.

The quick way is msgspec. The careful way is for what msgspec refuses or the store could not keep: invalid UTF-8, lone
surrogates, NUL characters, NaN, numbers out of range, and nesting so deep that writing it out again would fail. It
mends those places and leaves the rest as sent, so one spoilt message doesn't take its neighbours along.
"""

import base64
import json
from typing import cast

import msgspec

from parley.adapters.whatsapp.parse.reading import JsonDict
from parley.core.json import JsonObject, JsonValue

MAX_DEPTH = 64
"""Meta's deepest payload (history with a product list) nests less than 20 levels."""
MAX_RAW_BYTES = 65_536
"""Of a body that is no JSON object, this much is kept for a person to look at."""
MAX_NUMBER_CHARS = 19
"""A whole number of more digits does not fit 64 bits; it is kept as text."""

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_SHALLOW_OPENERS = MAX_DEPTH
_UNPRINTABLE = {0: _REPLACEMENT, **dict.fromkeys(range(0xD800, 0xE000), _REPLACEMENT)}

_decoder = msgspec.json.Decoder()


def decode(body: bytes) -> JsonDict | None:
    """The JSON object in a body, mended where needed; None when there is none."""
    try:
        value: JsonValue = _decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _decode_carefully(body)
    if not isinstance(value, dict):
        return None
    if b"\\u0000" in body or (body.count(b"{") + body.count(b"[") > _SHALLOW_OPENERS and _too_deep(value, 0)):
        return cast("JsonDict", _mended(value, 0))
    return value


def raw(body: bytes) -> JsonObject:
    """A body that could not be read, as an object: base64 of its beginning, and its true length."""
    kept = base64.b64encode(body[:MAX_RAW_BYTES]).decode()
    return {"raw_base64": kept, "bytes": len(body), "truncated": len(body) > MAX_RAW_BYTES}


def _decode_carefully(body: bytes) -> JsonDict | None:
    try:
        text = body.decode("utf-8-sig", "replace")
        value = json.loads(text, parse_int=_bounded_integer, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None
    return cast("JsonDict", _mended(value, 0)) if isinstance(value, dict) else None


def _bounded_integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= MAX_NUMBER_CHARS else digits


def _too_deep(value: JsonValue, depth: int) -> bool:
    if depth > MAX_DEPTH:
        return True
    if isinstance(value, dict):
        return any(_too_deep(member, depth + 1) for member in value.values() if isinstance(member, dict | list))
    if isinstance(value, list):
        return any(_too_deep(member, depth + 1) for member in value if isinstance(member, dict | list))
    return False


def _mended(value: JsonValue, depth: int) -> JsonValue:
    if isinstance(value, str):
        return value.translate(_UNPRINTABLE)
    if isinstance(value, float):
        return value if abs(value) < float("inf") else None
    if depth > MAX_DEPTH:
        return None if isinstance(value, dict | list) else value
    if isinstance(value, dict):
        return {name.translate(_UNPRINTABLE): _mended(member, depth + 1) for name, member in value.items()}
    if isinstance(value, list):
        return [_mended(member, depth + 1) for member in value]
    return value
