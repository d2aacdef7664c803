"""The driver against a small Graph on loopback: what it asks, what it makes of each answer, whom it gives the token."""

import base64
import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from parley.adapters.whatsapp.driver import WhatsAppDriver
from parley.adapters.whatsapp.graph import Graph
from parley.adapters.whatsapp.management import read_number, register, subscribe_app
from parley.adapters.whatsapp.media import read_digest
from parley.adapters.whatsapp.parse import NEVER
from parley.core.content import Content
from parley.core.ids import MessageId
from parley.core.json import JsonValue
from parley.kit.http import HttpClient
from parley.modules.channels.inbound import MediaFile, Party
from parley.modules.channels.ports import ChannelAccess, ChannelDriver, Marketing, Outgoing, Remedy, SendFailed

ACCESS = ChannelAccess(number_id="20", account_id="10", number="+15550783881", token="TOKEN")
ID = MessageId(UUID("01920000000070008000000000000001"))
TEXT = Outgoing(message_id=ID, to=Party(phone="+5511987654321"), content=Content("text", {"body": "hi"}))
FILE = b"the file" * 20_000
SENT: JsonValue = {"contacts": [{"input": "+5511987654321", "wa_id": "551187654321"}], "messages": [{"id": "wamid.1"}]}


@dataclass
class FakeGraph:
    """Answers by path with what a test put there; remembers what was asked."""

    answers: dict[str, web.Response | JsonValue] = field(default_factory=dict)
    asked: list[tuple[str, str, str | None, bytes]] = field(default_factory=list)
    url: str = ""

    async def take(self, request: web.Request) -> web.Response:
        token = request.headers.get("Authorization")
        self.asked.append((request.method, request.path_qs, token, await request.read()))
        answer = self.answers.get(f"{request.method} {request.path}")
        if isinstance(answer, web.Response):
            kept = {name: value for name, value in answer.headers.items() if name == "Location"}
            return web.Response(status=answer.status, body=answer.body, headers=kept)
        return web.json_response(answer, status=404 if answer is None else 200)


@pytest.fixture
async def graph() -> AsyncIterator[FakeGraph]:
    fake = FakeGraph()
    app = web.Application(client_max_size=2**20)
    app.router.add_route("*", "/{path:.*}", fake.take)
    async with TestServer(app) as server:
        fake.url = str(server.make_url("")).rstrip("/")
        yield fake


@pytest.fixture
async def driver(graph: FakeGraph) -> AsyncIterator[WhatsAppDriver]:
    async with HttpClient() as http:
        yield WhatsAppDriver(http, graph.url, "v23.0")


async def failure(driver: WhatsAppDriver, message: Outgoing = TEXT) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await driver.send(ACCESS, message)
    return caught.value


def test_it_is_a_channel_driver() -> None:
    found: ChannelDriver = WhatsAppDriver(HttpClient(), "http://127.0.0.1:9", "v23.0")
    assert found.kind == "whatsapp"
    assert len(found.parse(b"{}", NEVER)) == 1
    assert found.check(Content("poll", {}))


async def test_a_message_is_posted_and_its_recipient_known(graph: FakeGraph, driver: WhatsAppDriver) -> None:
    graph.answers["POST /v23.0/20/messages"] = SENT
    receipt = await driver.send(ACCESS, TEXT)
    assert (receipt.provider_id, receipt.held) == ("wamid.1", False)
    assert receipt.party == Party(phone="+551187654321")
    [(_, _, token, body)] = graph.asked
    assert token == "Bearer TOKEN"
    assert json.loads(body)["biz_opaque_callback_data"] == f"msg_{ID.hex}"


@pytest.mark.parametrize("status", ["held_for_quality_assessment", "paused"])
async def test_a_held_template_is_taken(graph: FakeGraph, driver: WhatsAppDriver, status: str) -> None:
    contacts: JsonValue = [{"input": "US.1", "user_id": "US.1"}]
    graph.answers["POST /v23.0/20/messages"] = {
        "contacts": contacts,
        "messages": [{"id": "wamid.1", "message_status": status}],
    }
    receipt = await driver.send(ACCESS, TEXT)
    assert (receipt.held, receipt.party) == (True, Party(user_id="US.1"))


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b'{"messages":[]}', b'{"messages":[{}]}', b"[1]", b"\xff"])
async def test_a_broken_success_is_unsure(graph: FakeGraph, driver: WhatsAppDriver, body: bytes) -> None:
    graph.answers["POST /v23.0/20/messages"] = web.Response(status=200, body=body)
    assert (await failure(driver)).remedy is Remedy.UNSURE


async def test_an_error_is_classified(graph: FakeGraph, driver: WhatsAppDriver) -> None:
    body = json.dumps({"error": {"code": 131056, "error_data": {"details": "slow down"}}}).encode()
    graph.answers["POST /v23.0/20/messages"] = web.Response(status=400, body=body)
    failed = await failure(driver)
    assert (failed.remedy, failed.code, failed.detail) == (Remedy.THROTTLE_PAIR, 131056, "slow down")


async def test_no_graph_at_all_is_tried_again() -> None:
    async with HttpClient() as http:
        failed = await failure(WhatsAppDriver(http, "http://127.0.0.1:1", "v23.0"))
        assert failed.remedy is Remedy.RETRY
        with pytest.raises(SendFailed):
            await WhatsAppDriver(http, "http://127.0.0.1:1", "v23.0").history(ACCESS, "wamid.1")


async def test_a_file_of_ours_that_is_not_uploaded_stays_here(graph: FakeGraph, driver: WhatsAppDriver) -> None:
    content = Content("interactive", {"header": {"type": "image", "image": {"id": "med_1"}}})
    failed = await failure(driver, Outgoing(message_id=ID, to=Party(phone="+1650"), content=content))
    assert (failed.remedy, graph.asked) == (Remedy.TELL_SENDER, [])


async def test_what_is_no_json_stays_here(graph: FakeGraph, driver: WhatsAppDriver) -> None:
    content = Content("text", {"body": "\ud800"})
    failed = await failure(driver, Outgoing(message_id=ID, to=Party(phone="+1650"), content=content))
    assert (failed.remedy, graph.asked) == (Remedy.TELL_SENDER, [])


async def test_reading_is_marked_with_typing(graph: FakeGraph, driver: WhatsAppDriver) -> None:
    graph.answers["POST /v23.0/20/messages"] = {"success": True}
    await driver.mark_read(ACCESS, "wamid.9", typing=True)
    assert json.loads(graph.asked[0][3])["typing_indicator"] == {"type": "text"}


async def test_marketing_goes_its_own_way(graph: FakeGraph, driver: WhatsAppDriver) -> None:
    graph.answers["POST /v23.0/20/marketing_messages"] = SENT
    receipt = await driver.send(ACCESS, marketed(Marketing(policy="STRICT", share_activity=False)))
    assert receipt.provider_id == "wamid.1"
    body = json.loads(graph.asked[0][3])
    assert (body["product_policy"], body["message_activity_sharing"]) == ("STRICT", False)


def marketed(way: Marketing) -> Outgoing:
    template = Content("template", {"name": "a", "language": {"code": "en"}})
    return Outgoing(message_id=ID, to=Party(phone="+1650"), content=template, marketing=way)


@pytest.mark.parametrize(
    ("code", "insists", "edges"),
    [
        (131055, False, ["marketing_messages", "messages"]),
        (134100, False, ["marketing_messages", "messages"]),
        (131055, True, ["marketing_messages"]),
        (131049, False, ["marketing_messages"]),
    ],
)
async def test_what_does_not_go_as_marketing_goes_as_any_message(
    graph: FakeGraph, driver: WhatsAppDriver, code: int, edges: list[str], *, insists: bool
) -> None:
    refusal = json.dumps({"error": {"code": code}}).encode()
    graph.answers["POST /v23.0/20/marketing_messages"] = web.Response(status=400, body=refusal)
    graph.answers["POST /v23.0/20/messages"] = SENT
    message = marketed(Marketing(insists=insists))
    if edges[-1] == "messages":
        await driver.send(ACCESS, message)
        assert "product_policy" not in json.loads(graph.asked[-1][3])
    else:
        assert (await failure(driver, message)).code == code
    assert [path.rpartition("/")[2] for _, path, _, _ in graph.asked] == edges


async def test_the_history_of_a_message(graph: FakeGraph, driver: WhatsAppDriver) -> None:
    events: JsonValue = [
        {"delivery_status": "READ", "timestamp": 1_750_000_002},
        {"delivery_status": "SENT", "timestamp": "1750000001"},
        {"delivery_status": "FAILED", "timestamp": "soon", "error_description": "why"},
        {"timestamp": 5},
    ]
    found: JsonValue = {"data": [{"message_id": "wamid.1", "events": {"data": events}}, {"message_id": "other"}]}
    graph.answers["GET /v23.0/20/message_history"] = found
    entries = await driver.history(ACCESS, "wamid.1=/&?")
    assert entries == []
    entries = await driver.history(ACCESS, "wamid.1")
    assert [(entry.status, entry.at, entry.detail) for entry in entries] == [
        ("failed", 0.0, "why"),
        ("sent", 1_750_000_001.0, None),
        ("read", 1_750_000_002.0, None),
    ]
    assert "message_id=wamid.1%3D%2F%26%3F&" in graph.asked[0][1]


def located(graph: FakeGraph, url: str | None = None, sha256: str | None = None) -> None:
    graph.answers["GET /v23.0/77"] = {
        "url": url or f"{graph.url}/bytes",
        "sha256": sha256,
        "file_size": "1",
        "id": "77",
    }
    graph.answers["GET /bytes"] = web.Response(body=FILE)


async def fetched(driver: WhatsAppDriver, file: MediaFile) -> bytes:
    return b"".join([chunk async for chunk in driver.download(ACCESS, file)])


@pytest.mark.parametrize("digest", [hashlib.sha256(FILE).hexdigest(), None, "not a hash"])
async def test_a_file_is_fetched_in_two_steps(graph: FakeGraph, driver: WhatsAppDriver, digest: str | None) -> None:
    located(graph, sha256=digest)
    assert await fetched(driver, MediaFile(provider_id="77", kind="image")) == FILE
    assert [path for _, path, _, _ in graph.asked] == ["/v23.0/77?phone_number_id=20", "/bytes"]


async def test_a_fresh_address_saves_a_step(graph: FakeGraph, driver: WhatsAppDriver) -> None:
    located(graph)
    digest = base64.b64encode(hashlib.sha256(FILE).digest()).decode()
    file = MediaFile(provider_id="77", kind="image", url=f"{graph.url}/bytes", sha256=digest)
    assert await fetched(driver, file) == FILE
    assert len(graph.asked) == 1


async def test_a_dead_address_is_asked_for_again(graph: FakeGraph, driver: WhatsAppDriver) -> None:
    located(graph)
    assert await fetched(driver, MediaFile(provider_id="77", kind="image", url=f"{graph.url}/dead")) == FILE


@pytest.mark.parametrize(
    ("location", "is_followed"), [("/bytes", True), ("/moved", False), ("https://evil.example/", False)]
)
async def test_a_redirect_is_followed_among_friends(
    graph: FakeGraph, driver: WhatsAppDriver, location: str, is_followed: bool
) -> None:
    located(graph, url=f"{graph.url}/moved")
    graph.answers["GET /moved"] = web.Response(status=302, headers={"Location": location})
    file = MediaFile(provider_id="77", kind="image")
    if is_followed:
        assert await fetched(driver, file) == FILE
    else:
        with pytest.raises(SendFailed, match="131052"):
            await fetched(driver, file)


async def test_a_damaged_file_is_told(graph: FakeGraph, driver: WhatsAppDriver) -> None:
    located(graph, sha256="0" * 64)
    with pytest.raises(SendFailed, match="131052"):
        await fetched(driver, MediaFile(provider_id="77", kind="image"))


@pytest.mark.parametrize("url", ["https://evil.example/bytes", "http://lookaside.fbsbx.com/x", "file:///etc/passwd"])
async def test_the_token_goes_to_nobody_else(graph: FakeGraph, driver: WhatsAppDriver, url: str) -> None:
    located(graph, url=url)
    with pytest.raises(SendFailed, match="131052"):
        await fetched(driver, MediaFile(provider_id="77", kind="image", url=url))
    assert [path for _, path, _, _ in graph.asked] == ["/v23.0/77?phone_number_id=20"]


def test_whom_the_token_is_given() -> None:
    graph = Graph(HttpClient(), "https://graph.facebook.com", "v23.0")
    for url in ("https://graph.facebook.com/x", "https://lookaside.fbsbx.com/x?y", "https://mmg.whatsapp.net:443/x"):
        assert graph.trusts(url)
    for url in (
        "https://fbsbx.com.evil.example/",
        "https://evilfbsbx.com/",
        "http://lookaside.fbsbx.com/",
        "https://lookaside.fbsbx.com:8443/",
        "https://user@lookaside.fbsbx.com/",
        "https://evil.example/?lookaside.fbsbx.com",
        "//graph.facebook.com/x",
        "https://lookaside.fbsbx.com:99999999/",
        "https://[",
        "",
    ):
        assert not graph.trusts(url)


async def test_a_file_is_uploaded(graph: FakeGraph, driver: WhatsAppDriver) -> None:
    graph.answers["POST /v23.0/20/media"] = {"id": "555"}
    assert await driver.upload(ACCESS, b"\x89PNG", "image/png", "a.png") == "555"
    assert b'name="messaging_product"\r\n\r\nwhatsapp' in graph.asked[0][3]
    graph.answers["POST /v23.0/20/media"] = {"success": True}
    with pytest.raises(SendFailed):
        await driver.upload(ACCESS, b"\x89PNG", "image/png", "a.png")


async def test_the_facts_of_a_number(graph: FakeGraph, driver: WhatsAppDriver) -> None:
    graph.answers["GET /v23.0/20"] = {
        "display_phone_number": "+1 555-078-3881",
        "verified_name": "Shrub",
        "quality_rating": "GREEN",
        "throughput": {"level": "HIGH"},
        "platform_type": "CLOUD_API",
    }
    facts = await read_number(driver.graph, ACCESS)
    assert (facts.display_number, facts.messages_per_second, facts.on_business_app) == ("+15550783881", 1_000, False)
    graph.answers["GET /v23.0/20"] = {"is_on_biz_app": True, "throughput": {"level": "STANDARD"}}
    assert (await read_number(driver.graph, ACCESS)).messages_per_second == 20


async def test_subscribing_and_registering(graph: FakeGraph, driver: WhatsAppDriver) -> None:
    graph.answers["POST /v23.0/10/subscribed_apps"] = {"success": True}
    graph.answers["POST /v23.0/20/register"] = {"success": True}
    await subscribe_app(driver.graph, ACCESS)
    await register(driver.graph, ACCESS, "123456")
    assert json.loads(graph.asked[1][3])["pin"] == "123456"
    with pytest.raises(SendFailed):
        await register(driver.graph, ACCESS, "12")


def test_hashes_in_hex_and_base64() -> None:
    digest = hashlib.sha256(b"x").digest()
    assert read_digest(digest.hex()) == read_digest(base64.b64encode(digest).decode()) == digest
    for text in (None, "", "4654+8g=", "zz" * 32, "abc"):
        assert read_digest(text) is None
