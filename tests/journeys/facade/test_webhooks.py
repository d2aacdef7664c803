"""Webhooks of kind `meta`: pywa and whatsapp-api-js verify and read them as if Meta had sent them."""

# pywa passes its names on without saying that they are public.
# mypy: disable-error-code="attr-defined"

import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pywa import WhatsApp, handlers, types, utils

from tests.journeys.facade.conftest import ADA, Redirected, Shop
from tests.journeys.facade.test_node import node, packages  # noqa: F401 - a fixture
from tests.journeys.running import wait_until

pytestmark = [pytest.mark.journey]

VERIFY = "a token of mine"


@dataclass
class Program:
    """A program's own address: answers the handshake, hands what arrives to pywa, as its docs say."""

    wa: WhatsApp | None = None
    url: str = ""
    posts: list[tuple[bytes, str]] = field(default_factory=list)
    refused: list[object] = field(default_factory=list)
    messages: list[Any] = field(default_factory=list)
    statuses: list[Any] = field(default_factory=list)

    def hear(self, body: bytes, signature: str) -> None:
        assert self.wa is not None
        self.posts.append((body, signature))
        wrong = self.wa.webhook_update_validator(body, signature)
        if wrong is not None:
            self.refused.append(wrong)
        self.wa.webhook_update_handler(body)

    def heard(self, kind: str, sent: str) -> bool:
        return any(each.id == sent and each.status == kind for each in list(self.statuses))


@pytest.fixture(scope="module")
def program(shop: Shop) -> Iterator[Program]:
    heard = Program()

    class Address(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            right = asked.get("hub.verify_token") == [VERIFY]
            self.send_response(200 if right else 403)
            self.end_headers()
            self.wfile.write(asked["hub.challenge"][0].encode() if right else b"")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            heard.hear(body, self.headers.get(utils.HUB_SIG, ""))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Address)
    heard.url = f"http://127.0.0.1:{server.server_port}/hook"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield heard
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def secret(shop: Shop, program: Program) -> str:
    """The secret of an endpoint of kind `meta`, its handshake done."""
    api = shop.platform.told["url"] + "/v1/webhook-endpoints"
    headers = {"Authorization": f"Bearer {shop.key}"}
    asked = {"url": program.url, "event_types": ["*"], "kind": "meta", "verify_token": VERIFY}
    made = httpx.post(api, json=asked, headers=headers).json()
    wait_until(
        "the handshake",
        lambda: httpx.get(f"{api}/{made['id']}", headers=headers).json()["state"] == "active",
        seconds=15,
    )
    return str(made["secret"])


@pytest.fixture(scope="module")
def wa(shop: Shop, redirected: Redirected, program: Program, secret: str) -> Iterator[WhatsApp]:
    with httpx.Client(transport=Redirected(shop.facade), timeout=30) as session:
        wa = WhatsApp(
            phone_id=shop.number,
            token=shop.key,
            session=session,
            server=None,
            verify_token=VERIFY,
            app_secret=secret,
        )
        program.wa = wa
        wa.add_handlers(
            handlers.MessageHandler(lambda _, message: program.messages.append(message)),
            handlers.MessageStatusHandler(lambda _, status: program.statuses.append(status)),
        )
        yield wa


def test_statuses_tell_the_programs_own_id_and_data(wa: WhatsApp, program: Program) -> None:
    sent = wa.send_message(ADA, "Hello", tracker="order 17")
    wait_until("it is read", lambda: program.heard(types.MessageStatusType.READ, sent.id), seconds=15)
    told = [each for each in program.statuses if each.id == sent.id]
    assert {each.tracker for each in told} == {"order 17"}
    assert not program.refused


def test_a_message_is_heard_and_answered(wa: WhatsApp, shop: Shop, program: Program) -> None:
    said = shop.sim(
        "POST", f"phones/+{ADA}/messages", {"type": "text", "text": {"body": "Any rye?"}, "to": shop.number}
    )
    wait_until("it is heard", lambda: any(each.id == said["id"] for each in list(program.messages)), seconds=15)
    heard = next(each for each in program.messages if each.id == said["id"])
    assert (heard.text, heard.from_user.wa_id) == ("Any rye?", ADA)
    assert heard.mark_as_read()
    assert heard.reply("Yes").id.startswith("wamid.")


def test_a_file_is_heard_and_fetched(wa: WhatsApp, shop: Shop, program: Program) -> None:
    image = shop.sim("POST", "media", b"from a phone")
    body = {"type": "document", "document": {"id": image["id"], "filename": "note.txt"}, "to": shop.number}
    said = shop.sim("POST", f"phones/+{ADA}/messages", body)
    wait_until("it is heard", lambda: any(each.id == said["id"] for each in list(program.messages)), seconds=15)
    heard = next(each for each in program.messages if each.id == said["id"])
    assert heard.document.get_bytes() == b"from a phone"


@pytest.mark.usefixtures("packages")
def test_node_verifies_and_reads_them(wa: WhatsApp, shop: Shop, program: Program, secret: str) -> None:
    body, signature = next(each for each in program.posts if b"Any rye?" in each[0])
    given = {"webhook": body.decode(), "signature": signature, "secret": secret, "token": shop.key}
    done = node("node", "webhook.mjs", said=json.dumps(given))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"from": ADA, "text": "Any rye?"}
