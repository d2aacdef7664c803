"""What people say, are called and own is nowhere in clear: not in the data folder, the log of writes, logs or metrics.

Markers share a beginning that nothing else has. They go in by every door there is; then everything on disk is searched
for it in every spelling, after the database has written out all it had in memory. A marker planted in clear is found.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from parley.kit.postgres import EmbeddedPostgres
from tests.journeys.running import Platform, parley_up, wait_until

pytestmark = [pytest.mark.journey]

MARK = "Zq7wXv9kPl"
"""In every marker but numbers; as a name, a word, a slug it is taken everywhere."""
NUMBER, OWN_NUMBER = "8675301942", "8675301957"
"""Digits of a customer's and of a channel's number, after the country code."""


def spellings(text: str) -> dict[str, bytes]:
    """How a text may lie on disk: the encodings, base64 at each alignment, hex, backwards."""
    plain = text.encode()
    found = {
        "UTF-8": plain,
        "UTF-16 LE": text.encode("utf-16-le"),
        "UTF-16 BE": text.encode("utf-16-be"),
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
        "backwards": plain[::-1],
        "lower case": plain.lower(),
    }
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + plain)
        found[f"base64 at {shift}"] = coded[(0, 2, 3)[shift] : -4]
    return {name: spelling for name, spelling in found.items() if name != "lower case" or spelling != plain}


def hits(folder: Path, texts: dict[str, str]) -> list[str]:
    """Every file below that has one of the texts in any spelling."""
    wanted = [
        (f"{what} in {how}", spelling) for what, text in texts.items() for how, spelling in spellings(text).items()
    ]
    found = []
    for file in sorted(each for each in folder.rglob("*") if each.is_file()):
        try:
            content = file.read_bytes()
        except FileNotFoundError:
            continue
        found += [f"{file.relative_to(folder)}: {what}" for what, spelling in wanted if spelling in content]
    return found


@dataclass(frozen=True, slots=True)
class Caller:
    """Calls the platform's and the simulator's addresses."""

    platform: Platform

    def call(self, method: str, path: str, body: object = None, *, key: str | None = None) -> tuple[int, object]:
        """Status and JSON; `/sim…` goes to the simulator."""
        base = self.platform.told["sim_url" if path.startswith("/sim") else "url"]
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {key or self.platform.told['api_key']}",
        }
        return self.send(urllib.request.Request(f"{base}{path}", data, headers, method=method))  # noqa: S310

    def send(self, request: urllib.request.Request) -> tuple[int, object]:
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback of our own
                return answer.status, read(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, read(error.read())

    def webhook(self, body: bytes) -> int:
        """A signed delivery."""
        secret = (self.platform.folder / "data" / "sim" / "app_secret").read_text().strip()
        signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": signature}
        return self.send(urllib.request.Request(f"{self.platform.told['url']}/webhooks/meta", body, headers))[0]  # noqa: S310


def read(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode()


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform into which every marker went, its memory written out."""
    folder = tmp_path_factory.mktemp("marked")
    with parley_up(folder) as platform:
        plant(Caller(platform))
        asyncio.run(written_out(folder))
        yield platform


FLOW = f"""
format: 1
id: marked
name: Flow {MARK}
triggers: {{keywords: {{en: [{MARK}word]}}}}
start: ask
nodes:
  ask: {{type: ask, text: "Who {MARK}?", save: answer, next: keep}}
  keep: {{type: set, fields: {{note: "{{{{ vars.answer }}}} {MARK}"}}, next: again}}
  again: {{type: ask, text: "And {MARK}?", save: fields.other, next: bye}}
  bye: {{type: end, text: "Bye {MARK} {{{{ vars.answer }}}}"}}
"""


def plant(caller: Caller) -> None:
    """Markers by every door: commands, phones, the API, raw deliveries, and requests that are refused."""
    platform = caller.platform
    workspace = platform.told["workspace_id"]
    made = platform.run(
        "workspace", "create", "--name", f"Shop {MARK}", "--owner-email", f"{MARK}@example.org", "--json"
    )
    other = json.loads(made.stdout)["workspace_id"]
    new = ("channel", "add", "whatsapp", "--workspace", other, "--phone-number-id", "77001", "--waba-id", "77002")
    added = platform.run(*new, "--number", f"+1{OWN_NUMBER}", "--access-token", f"EAA{MARK}", "--throughput", "80")
    assert added.returncode == 0, added.stdout + added.stderr
    assert platform.run("key", "create", "--workspace", other, "--name", f"Key {MARK}").returncode == 0
    (platform.folder / "flow.yaml").write_text(FLOW)
    imported = platform.run("flow", "import", "flow.yaml", "--workspace", workspace, "--publish")
    assert imported.returncode == 0, imported.stdout + imported.stderr
    (platform.folder / "flow.yaml").unlink()
    phone = f"/sim/phones/+1{NUMBER}"
    assert caller.call("PUT", phone, {"name": f"Ada {MARK}", "username": f"{MARK}"})[0] == 200
    for words in (f"hello {MARK}", f"{MARK}word", f"I am {MARK}"):
        assert caller.call("POST", f"{phone}/messages", {"text": words})[0] in (200, 202)
        settle(caller)
    send_by_api(caller)
    status, file = caller.call("POST", "/sim/media", f"file {MARK} content".encode() * 1000)
    assert status == 200, file
    image = {"id": member(file, "id"), "caption": f"look {MARK}", "filename": f"{MARK}.pdf"}
    assert caller.call("POST", f"{phone}/messages", {"type": "document", "document": image})[0] == 200
    by_webhook(caller)
    refused(caller)
    settle(caller)
    media = platform.folder / "data" / "media"
    wait_until("both files are kept", lambda: len([file for file in media.rglob("*") if file.is_file()]) >= 2)


def member(value: object, name: str) -> object:
    assert isinstance(value, dict), value
    return value[name]


def send_by_api(caller: Caller) -> None:
    """A message with metadata, one with a file of ours, a template, a contact's field."""
    to = f"+1{NUMBER}"
    text = {"to": to, "type": "text", "text": {"body": f"api {MARK}"}, "metadata": {f"{MARK}": f"meta {MARK}"}}
    status, sent = caller.call("POST", "/v1/messages", text)
    assert status == 202, sent
    fields = {"fields": {f"f{MARK}": f"field {MARK}"}, "name": f"Named {MARK}"}
    status, changed = caller.call("PATCH", f"/v1/contacts/{member(sent, 'contact_id')}", fields)
    assert status == 200, changed
    uploaded = upload(caller, f"{MARK} upload.pdf", b"%PDF-1.4 " + f"own {MARK} ".encode() * 1000)
    file = {"id": uploaded, "filename": f"{MARK}.pdf", "caption": f"own {MARK}"}
    status, sent = caller.call("POST", "/v1/messages", {"to": to, "type": "document", "document": file})
    assert status == 202, sent
    words = [{"type": "body", "parameters": [{"type": "text", "text": f"for {MARK}"}]}]
    template = {"name": "not_there", "language": {"code": "en"}, "components": words}
    status, sent = caller.call("POST", "/v1/messages", {"to": to, "type": "template", "template": template})
    assert status == 202, sent


def upload(caller: Caller, name: str, content: bytes) -> object:
    """A file of the workspace; its id."""
    about = f'Content-Disposition: form-data; name="file"; filename="{name}"'
    head = f"--b\r\n{about}\r\nContent-Type: application/pdf\r\n\r\n"
    headers = {
        "Content-Type": "multipart/form-data; boundary=b",
        "Authorization": f"Bearer {caller.platform.told['api_key']}",
    }
    body = head.encode() + content + b"\r\n--b--\r\n"
    request = urllib.request.Request(f"{caller.platform.told['url']}/v1/media", body, headers, method="POST")  # noqa: S310
    status, made = caller.send(request)
    assert status == 201, made
    return member(made, "id")


def by_webhook(caller: Caller) -> None:
    """Raw deliveries: of unknown fields, of failures in the provider's words, of numbers nobody has, broken ones."""
    _, channels = caller.call("GET", "/v1/channels")
    (channel,) = rows(channels)
    number_id, account_id = str(channel["phone_number_id"]), str(channel["waba_id"])
    failed = {"code": 131026, "title": "Undeliverable", "error_data": {"details": f"{MARK} is not there"}}
    status = {"id": f"wamid.{MARK}", "status": "failed", "timestamp": "1795420800", "recipient_id": f"1{NUMBER}"}
    values: list[tuple[str, object]] = [
        ("pondering", {"thought": f"deep {MARK}"}),
        ("messages", {"statuses": [{**status, "errors": [failed]}]}),
        ("messages", {"statuses": [{**status, "status": f"s{MARK}"}]}),
        ("messages", {"messages": [{"id": f"wamid.b{MARK}", "type": f"t{MARK}", "from": f"1{NUMBER}", "x": MARK}]}),
        ("user_preferences", {"user_preferences": [{"wa_id": f"1{NUMBER}", "detail": MARK, "value": "stop"}]}),
        ("account_alerts", {"alert_info": {"alert_description": f"about {MARK}"}}),
    ]
    bodies = [f'{{"broken": "{MARK}'.encode(), f'{{"object": "{MARK}"}}'.encode(), f"\ufeff[{MARK}]".encode("utf-16")]
    for field, value in values:
        for number in (number_id, "999000"):
            framed = {"metadata": {"phone_number_id": number}, **value} if isinstance(value, dict) else value
            change = {"field": field, "value": framed}
            bodies.append(json.dumps({"entry": [{"id": account_id, "changes": [change]}]}).encode())
    assert {caller.webhook(body) for body in bodies} == {200}


def rows(page: object) -> list[dict[str, object]]:
    data = member(page, "data")
    assert isinstance(data, list)
    return data


def refused(caller: Caller) -> None:
    """Requests that say no, and may be tempted to write down why."""
    wrong = [
        caller.call("GET", f"/v1/{MARK}?q={MARK}"),
        caller.call("GET", f"/v1/messages/msg_{MARK}"),
        caller.call("POST", "/v1/messages", f'{{"to": "{MARK}'.encode()),
        caller.call("POST", "/v1/messages", {"to": MARK, "type": "text", "text": {"body": f"{MARK}" * 1000}}),
        caller.call("POST", "/v1/messages", {"to": f"+1{NUMBER}", "type": MARK, MARK: {}}),
        caller.call("GET", "/v1/messages", key=f"parley_live_{MARK}"),
    ]
    assert {400 <= status < 500 for status, _ in wrong} == {True}, wrong
    headers = {"X-Hub-Signature-256": "sha256=" + "0" * 64}
    body = json.dumps({"unsigned": MARK}).encode()
    unsigned = urllib.request.Request(f"{caller.platform.told['url']}/webhooks/meta", body, headers)  # noqa: S310
    assert caller.send(unsigned)[0] == 401


def settle(caller: Caller) -> None:
    """Wait until everything that came in is read and answered."""
    wait_until("nothing waits", lambda: not waiting(caller))


def waiting(caller: Caller) -> list[str]:
    _, metrics = caller.call("GET", "/metrics")
    lines = str(metrics).splitlines()
    names = ("parley_ingest_waiting", 'parley_queue_depth{lane="interactive"}')
    return [line for line in lines if line.startswith(names) and not line.endswith(" 0")]


async def written_out(folder: Path) -> None:
    """Let the database write down what it holds in memory, and plant the control in clear."""
    connection = await asyncpg.connect(EmbeddedPostgres(folder / "data").url("postgres"))
    try:
        await connection.execute("create table control (words text)")
        await connection.execute(f"insert into control values ('{CONTROL}')")  # noqa: S608 - our own word
        await connection.execute("checkpoint")
    finally:
        await connection.close()


CONTROL = "Kx3control7Ty"


def test_the_scanner_knows_every_spelling(tmp_path: Path) -> None:
    for name, spelling in spellings(MARK).items():
        (tmp_path / name).write_bytes(b"before " + spelling + b" after")
    assert len(hits(tmp_path, {"mark": MARK})) >= len(spellings(MARK))
    for shift in range(3):
        coded = base64.b64encode(b"x" * shift + MARK.encode() + b" and more")
        assert spellings(MARK)[f"base64 at {shift}"] in coded


def test_nothing_on_disk_is_in_clear(marked: Platform) -> None:
    found = hits(marked.folder, {"the marker": MARK, "the number": NUMBER, "the channel's number": OWN_NUMBER})
    assert found == []


def test_what_is_in_clear_would_be_found(marked: Platform) -> None:
    places = {hit.partition(": ")[0] for hit in hits(marked.folder / "data", {"control": CONTROL})}
    assert any("pg_wal" in place for place in places), places
    assert any("/base/" in place for place in places), places


def test_the_metrics_tell_numbers_only(marked: Platform) -> None:
    _, metrics = Caller(marked).call("GET", "/metrics")
    assert not [text for text in (MARK, NUMBER, OWN_NUMBER) if text in str(metrics)]


def test_what_was_planted_is_shown_to_whom_it_belongs(marked: Platform) -> None:
    """Else the search above would prove little."""
    caller = Caller(marked)
    _, messages = caller.call("GET", "/v1/messages?limit=100")
    shown = json.dumps(messages)
    for words in (f"hello {MARK}", f"Who {MARK}?", f"I am {MARK}", f"api {MARK}", f"look {MARK}", f"meta {MARK}"):
        assert words in shown, words
    assert f"Named {MARK}" in json.dumps(caller.call("GET", "/v1/contacts")[1])
