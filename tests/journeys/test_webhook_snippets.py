"""Each language's check of a webhook believes good ones and no others."""

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from tests.journeys.snippets import LANGUAGES, run

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
BODY = '{"id": "evt_1", "type": "message.received", "data": {"text": "Grüße\\n"}}\n'

pytestmark = pytest.mark.journey


def sample(*secrets: str, body: str = BODY, age: float = 0) -> dict[str, str]:
    at = datetime.now(UTC) - timedelta(seconds=age)
    return {
        "webhook_id": "evt_1",
        "webhook_timestamp": str(int(at.timestamp())),
        "webhook_signature": " ".join(Webhook(each).sign("evt_1", at, body) for each in secrets),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_webhook(language: str) -> None:
    good = {
        "plain": (sample(SECRET), SECRET),
        "rotated, old secret": (sample(OTHER, SECRET), SECRET),
        "rotated, both known": (sample(SECRET), f"{OTHER} {SECRET}"),
    }
    bad = {
        "tampered": (sample(SECRET, body=BODY.replace("received", "sent")), SECRET),
        "other secret": (sample(OTHER), SECRET),
        "replayed": (sample(SECRET, age=600), SECRET),
    }
    for name, (given, secrets) in {**good, **bad}.items():
        done = run("verify-a-webhook", language, BODY, SECRETS=secrets, **given)
        assert (done.returncode == 0) == (name in good), (name, done.stderr.decode())
        assert (b"evt_1" in done.stdout) == (name in good), name
        assert (b"401" in done.stderr) == (name in bad), name
