"""The client's check of a webhook, against the reference implementation of Standard Webhooks."""

import json
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


@pytest.mark.parametrize(
    ("body", "given", "secrets"),
    [
        (BODY.replace(b"received", b"sent"), headers(), [SECRET]),
        (BODY, headers(), [OTHER]),
        (BODY, headers(age=600), [SECRET]),
        (BODY, headers(age=-600), [SECRET]),
        (BODY, {}, [SECRET]),
        (BODY, {**headers(), "Webhook-Timestamp": "soon"}, [SECRET]),
        (BODY, {**headers(), "Webhook-Signature": "v1a,AAAA nonsense"}, [SECRET]),
    ],
    ids=["tampered", "other secret", "replayed", "from the future", "bare", "no time", "no signature"],
)
def test_others_are_not(body: bytes, given: dict[str, str], secrets: list[str]) -> None:
    with pytest.raises(BadSignature):
        verify(body, given, secrets)
