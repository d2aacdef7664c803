"""Signatures of webhooks: Standard Webhooks 1.0, and Meta's. Pure.

Signed is `id.timestamp.body`; the key are the bytes that follow `whsec_` in base64. Meta's signature is over the body
alone, and its key is the secret's text as it is.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from typing import Final

PREFIX: Final = "whsec_"
KEY_BYTES: Final = 32
TOLERANCE_SECONDS: Final = 300
"""How old a timestamp may be when it is checked: the libraries of Standard Webhooks refuse older ones."""


def secret_of(key: bytes) -> str:
    """The text of a secret."""
    return PREFIX + base64.b64encode(key).decode()


def key_of(secret: str) -> bytes:
    """The key in a secret's text. Raises ValueError."""
    try:
        return base64.b64decode(secret.removeprefix(PREFIX) + "==", validate=False)
    except binascii.Error:
        raise ValueError("not base64") from None


def standard(keys: Iterable[bytes], webhook_id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`: one signature for each key."""
    signed = b"%b.%d.%b" % (webhook_id.encode(), timestamp, body)
    return " ".join("v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode("ascii") for key in keys)


def meta(secret: str, body: bytes) -> str:
    """The value of `X-Hub-Signature-256`."""
    return "sha256=" + hmac.digest(secret.encode(), body, hashlib.sha256).hex()
