"""Believing a webhook: Standard Webhooks signatures (https://www.standardwebhooks.com)."""

import base64
import hmac
import json
import time
from collections.abc import Mapping, Sequence

from parley_client.errors import ParleyError

TOLERANCE_SECONDS = 300
"""A webhook older than this is one that somebody replays. Parley stamps each attempt anew."""
PREFIX = "whsec_"
_VERSION = "v1,"


class BadSignature(ParleyError):
    """Not from Parley, changed on the way, or replayed: answer 401 and do nothing."""


def verify(
    body: bytes, headers: Mapping[str, str], secrets: Sequence[str], *, tolerance: float = TOLERANCE_SECONDS
) -> dict[str, object]:
    """The event in a webhook whose raw body and headers came. Raises BadSignature.

    Any of the secrets will do: during a rotation there are two. `tolerance` is in seconds. A webhook may come twice, so
    remember the header `webhook-id`.
    """
    given = {name.lower(): value for name, value in headers.items()}
    try:
        id, stamp, signatures = (given[f"webhook-{part}"] for part in ("id", "timestamp", "signature"))
        at = int(stamp)
    except (KeyError, ValueError):
        raise BadSignature("webhook-id, webhook-timestamp and webhook-signature must all be there.") from None
    if abs(time.time() - at) > tolerance:
        raise BadSignature("The webhook is too old, or a clock is wrong.")
    signed = f"{id}.{at}.".encode() + body
    mine = [_signature(secret, signed) for secret in secrets]
    theirs = [each.removeprefix(_VERSION) for each in signatures.split() if each.startswith(_VERSION)]
    if not any(hmac.compare_digest(one, other) for one in mine for other in theirs):
        raise BadSignature("The signature does not fit: another secret, or a body that is not the raw one.")
    event: dict[str, object] = json.loads(body)
    return event


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
