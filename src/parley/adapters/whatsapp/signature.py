"""Meta's signature of a webhook: HMAC-SHA256 of the raw body under the app's secret, in lower-case hex."""

import hmac
from collections.abc import Sequence
from typing import Final

PREFIX: Final = "sha256="
HEX_CHARS: Final = 64


def sign(body: bytes, secret: str) -> str:
    """The value of `X-Hub-Signature-256` for a body."""
    return PREFIX + hmac.digest(secret.encode(), body, "sha256").hex()


def verify(header: str | None, body: bytes, secrets: Sequence[str]) -> bool:
    """Whether one of the secrets signed the body: several while one is rotated, and for several apps.

    Every secret is tried and compared in constant time, so neither the match nor its place shows in the timing.
    An empty secret never matches.
    """
    if header is None or not header.startswith(PREFIX) or len(header) != len(PREFIX) + HEX_CHARS:
        return False
    given = header.encode("ascii", "replace")
    found = False
    for secret in secrets:
        expected = sign(body, secret).encode()
        found |= hmac.compare_digest(expected, given) and bool(secret)
    return found
