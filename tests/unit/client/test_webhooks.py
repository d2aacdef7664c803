"""The client's check of a webhook, against the reference implementation of Standard Webhooks."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from parley_client import BadSignature, verify

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
BODY = b'{"id": "evt_1", "type": "message.received"}'


def headers(secret: str = SECRET, *, age: float = 0) -> dict[str, str]:
    at = datetime.now(UTC) - timedelta(seconds=age)
    signature = Webhook(secret).sign("evt_1", at, BODY.decode())
    return {"Webhook-Id": "evt_1", "Webhook-Timestamp": str(int(at.timestamp())), "Webhook-Signature": signature}


def test_a_good_one_is_believed() -> None:
    assert verify(BODY, headers(), [SECRET]) == json.loads(BODY)


def test_either_secret_does_while_they_are_rotated() -> None:
    signatures = f"{headers(SECRET)['Webhook-Signature']} {headers(OTHER)['Webhook-Signature']}"
    both = {**headers(), "Webhook-Signature": signatures}
    assert verify(BODY, both, [SECRET]) == verify(BODY, both, [OTHER]) == verify(BODY, headers(OTHER), [SECRET, OTHER])


WRONG: dict[str, Callable[[], tuple[bytes, dict[str, str], list[str]]]] = {
    "tampered": lambda: (BODY.replace(b"received", b"sent"), headers(), [SECRET]),
    "other secret": lambda: (BODY, headers(), [OTHER]),
    "replayed": lambda: (BODY, headers(age=600), [SECRET]),
    "from the future": lambda: (BODY, headers(age=-600), [SECRET]),
    "bare": lambda: (BODY, {}, [SECRET]),
    "no time": lambda: (BODY, {**headers(), "Webhook-Timestamp": "soon"}, [SECRET]),
    "no signature": lambda: (BODY, {**headers(), "Webhook-Signature": "v1a,AAAA nonsense"}, [SECRET]),
}


@pytest.mark.parametrize("made", WRONG)
def test_others_are_not(made: str) -> None:
    body, given, secrets = WRONG[made]()
    with pytest.raises(BadSignature):
        verify(body, given, secrets)
