"""Why a webhook's signature is not accepted: every part looked at, and the usual mistakes tried. Pure."""

import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from parley.modules.webhooks import signature

_HEADERS: Final = ("webhook-id", "webhook-timestamp", "webhook-signature")
_META: Final = "x-hub-signature-256"


@dataclass(frozen=True, slots=True)
class Finding:
    """A part of a request, whether it is right, and what to do."""

    part: str
    ok: bool
    detail: str


def check(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> list[Finding]:
    """What is right and wrong with a request as it was received at `now` (Unix seconds)."""
    named = {name.lower(): value.strip() for name, value in headers.items()}
    if _META in named and "webhook-signature" not in named:
        return [_meta(secret, named[_META], body)]
    found = [_secret(secret)]
    missing = [name for name in _HEADERS if not named.get(name)]
    if missing:
        sentence = f"There is no {', '.join(missing)}; a proxy may have taken it out."
        return [*found, Finding("headers", ok=False, detail=sentence)]
    found.append(_timestamp(named["webhook-timestamp"], now))
    if found[0].ok and named["webhook-timestamp"].isdecimal():
        found.append(_signature(secret, named, body))
    return found


def _secret(secret: str) -> Finding:
    try:
        key = signature.key_of(secret)
    except ValueError:
        return Finding("secret", ok=False, detail="What follows whsec_ is not base64; copy the secret again.")
    if not secret.startswith(signature.PREFIX) or not key:
        return Finding("secret", ok=False, detail="A secret begins with whsec_; this may be an API key.")
    return Finding("secret", ok=True, detail="It has the form of a secret.")


def _timestamp(text: str, now: float) -> Finding:
    if not text.isdecimal():
        return Finding("timestamp", ok=False, detail="webhook-timestamp must be Unix seconds.")
    away = int(text) - now
    if abs(away) <= signature.TOLERANCE_SECONDS:
        return Finding("timestamp", ok=True, detail="It is recent.")
    if away > 0:
        return Finding("timestamp", ok=False, detail=f"It is {away:.0f} s in the future: look at your clock.")
    sentence = f"It is {-away:.0f} s old: a delivery that is replayed, or a clock that is wrong."
    return Finding("timestamp", ok=False, detail=sentence)


def _signature(secret: str, named: Mapping[str, str], body: bytes) -> Finding:
    given = [each for each in named["webhook-signature"].split(" ") if each.startswith("v1,")]
    if not given:
        return Finding("signature", ok=False, detail="webhook-signature has no entry that begins with v1,.")
    webhook_id, timestamp = named["webhook-id"], int(named["webhook-timestamp"])

    def fits(key: bytes, content: bytes) -> bool:
        wanted = signature.standard([key], webhook_id, timestamp, content)
        return any(hmac.compare_digest(wanted.encode(), each.encode()) for each in given)

    key = signature.key_of(secret)
    if fits(key, body):
        return Finding("signature", ok=True, detail="It is of this secret over this body.")
    if fits(secret.encode(), body):
        sentence = "It was made with the secret's text; the key are the bytes that whsec_ is followed by, in base64."
        return Finding("signature", ok=False, detail=sentence)
    if any(fits(key, each) for each in _otherwise(body)):
        sentence = "The body was parsed and written again, or trimmed: sign the bytes exactly as they came."
        return Finding("signature", ok=False, detail=sentence)
    sentence = "It is not of this secret over these bytes: another endpoint's secret, one replaced, or an altered body."
    return Finding("signature", ok=False, detail=sentence)


def _otherwise(body: bytes) -> Iterator[bytes]:
    """The body as it may have been before somebody touched it."""
    yield body.strip()
    yield body + b"\n"
    try:
        document = json.loads(body)
    except ValueError:
        return
    for ascii_only in (False, True):
        yield json.dumps(document, separators=(",", ":"), ensure_ascii=ascii_only).encode()


def _meta(secret: str, given: str, body: bytes) -> Finding:
    if hmac.compare_digest(signature.meta(secret, body).encode(), given.encode()):
        return Finding("signature", ok=True, detail="It is of this secret over this body.")
    sentence = "X-Hub-Signature-256 is not of this secret over these bytes; the key is the whole text, whsec_ included."
    return Finding("signature", ok=False, detail=sentence)
