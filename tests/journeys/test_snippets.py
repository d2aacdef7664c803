"""The snippets of the ten commonest tasks, each run in each language against a platform as `parley up` starts it."""

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from parley.entrypoints.local import DEMO_ACCOUNT_ID
from tests.journeys.running import Platform, parley_up
from tests.journeys.snippets import LANGUAGES, ran

pytestmark = [pytest.mark.journey, pytest.mark.parametrize("language", LANGUAGES)]

PHONE = "+15550001111"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf500f0003860180"
)
TEMPLATE: dict[str, object] = {
    "name": "welcome",
    "language": "en_US",
    "category": "UTILITY",
    "components": [{"type": "BODY", "text": "Welcome, {{1}}!", "example": {"body_text": [["Ada"]]}}],
}


@dataclass(frozen=True, slots=True)
class Vendor:
    """Somebody with a key, and a customer who wrote already."""

    platform: Platform

    def runs(self, task: str, language: str, **given: str) -> str:
        told = self.platform.told
        here = {"PARLEY_API_URL": told["url"], "PARLEY_API_KEY": told["api_key"], "TO": PHONE}
        return ran(task, language, **here, **given)

    def asks(self, *words: str) -> dict[str, object]:
        """The same vendor at the command line."""
        told = self.platform.told
        done = self.platform.run("api", *words, "--key", told["api_key"], "--url", told["url"], "--json")
        assert done.returncode == 0, done.stderr
        answer: dict[str, object] = json.loads(done.stdout)
        return answer


@pytest.fixture(scope="module")
def vendor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vendor]:
    with parley_up(tmp_path_factory.mktemp("vendor")) as platform:
        platform.chat(PHONE, "hello")
        approve(platform, TEMPLATE)
        yield Vendor(platform)


def approve(platform: Platform, template: dict[str, object]) -> None:
    """Let the simulated Meta have an approved template."""
    request = urllib.request.Request(  # noqa: S310 - loopback of our own
        f"{platform.told['sim_url']}/sim/templates",
        data=json.dumps({**template, "waba_id": DEMO_ACCOUNT_ID}).encode(),
        headers={"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - the same
        assert answer.status == 200


def test_send_text(vendor: Vendor, language: str) -> None:
    assert "queued" in vendor.runs("send-text", language)


def test_send_file(vendor: Vendor, language: str, tmp_path: Path) -> None:
    file = tmp_path / "receipt.png"
    file.write_bytes(PNG)
    assert "queued" in vendor.runs("send-file", language, FILE=str(file))


def test_send_template(vendor: Vendor, language: str) -> None:
    assert "queued" in vendor.runs("send-template", language, TEMPLATE=str(TEMPLATE["name"]))


def test_follow_a_message(vendor: Vendor, language: str) -> None:
    sent = vendor.asks("send_message", f"to={PHONE}", "type=text", "text.body=Where am I?")
    assert str(sent["id"]) in vendor.runs("follow-a-message", language, MESSAGE=str(sent["id"]))


def test_read_all_messages(vendor: Vendor, language: str) -> None:
    known = vendor.asks("list_messages", "limit=1")["data"]
    assert isinstance(known, list)
    assert known[0]["id"] in vendor.runs("read-all-messages", language)


def test_record_consent(vendor: Vendor, language: str) -> None:
    contacts = vendor.asks("list_contacts")["data"]
    assert isinstance(contacts, list)
    assert "granted" in vendor.runs("record-consent", language, CONTACT=contacts[0]["id"])


def test_retry_safely(vendor: Vendor, language: str) -> None:
    first, word, again = vendor.runs("retry-safely", language, ORDER=f"17-{language}").rsplit(maxsplit=2)
    assert (word, first) == ("is", again)


def test_keep_a_contact(vendor: Vendor, language: str) -> None:
    assert "Ada Lovelace" in vendor.runs("keep-a-contact", language, PHONE="+15550002222")


def test_listen(vendor: Vendor, language: str) -> None:
    assert "whsec_" in vendor.runs("listen", language, URL="http://127.0.0.1:9/hook")
