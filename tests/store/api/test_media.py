"""Files by the API: taken as streams, listed, read in parts, refused before Meta would, deleted."""

import tracemalloc

import pytest

from parley.modules.channels.ports import Remedy, SendFailed
from tests.fakes.api import FORM, Caller, Json, caller, form
from tests.fakes.meta import text
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
OPUS = b"OggS\x00\x02" + bytes(22) + b"OpusHead\x01\x01"
VORBIS = b"OggS\x00\x02" + bytes(22) + b"\x01vorbis"
WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00"
MIB = 1024 * 1024


async def upload(call: Caller, content: bytes, content_type: str, name: str = "file") -> Json:
    reply = await call("POST", "/v1/media", raw=form(content, name, content_type), headers=FORM)
    assert reply.status == 201, reply.json
    return reply.json


@pytest.mark.parametrize(
    ("content", "content_type", "sendable_as"),
    [
        (PNG, "image/png", ["image", "document"]),
        (PNG + bytes(5 * MIB), "image/png", ["document"]),
        (OPUS, "audio/ogg", ["audio", "voice", "document"]),
        (VORBIS, "audio/ogg", ["document"]),
        (WEBP + b"\x00" + bytes(100), "image/webp", ["document", "sticker"]),
        (WEBP + b"\x00" + bytes(200_000), "image/webp", ["document"]),
        (WEBP + b"\x02" + bytes(200_000), "image/webp", ["document", "sticker"]),
        (b"%PDF-1.7", "application/pdf", ["document"]),
        (b"hello", "text/plain", ["document"]),
    ],
)
async def test_what_a_file_can_be_sent_as(
    stack: Stack, content: bytes, content_type: str, sendable_as: list[str]
) -> None:
    assert (await upload(await caller(stack), content, content_type))["sendable_as"] == sendable_as


async def test_a_file_that_is_not_what_it_says_is_refused(stack: Stack) -> None:
    call = await caller(stack)
    for content, content_type in ((PNG, "image/jpeg"), (b"<html><script>", "image/png"), (b"words", "video/mp4")):
        reply = await call("POST", "/v1/media", raw=form(content, "x", content_type), headers=FORM)
        assert (reply.status, reply.faults) == (422, [("/file", "wrong_type")])
        assert content_type in reply.json["errors"][0]["detail"]
    assert (await call("GET", "/v1/media")).json["data"] == []


async def test_what_meta_would_refuse_is_refused_at_once(stack: Stack) -> None:
    call = await caller(stack)
    file = (await upload(call, PNG, "image/png"))["id"]
    asked = {"channel_id": call.channel, "to": "+15550001111"}
    refused = await call("POST", "/v1/messages", {**asked, "type": "audio", "audio": {"id": file, "voice": True}})
    assert (refused.status, refused.faults) == (422, [("/audio/id", "not_allowed")])
    header = {"type": "video", "video": {"id": file}}
    button = {"type": "reply", "reply": {"id": "1", "title": "Yes"}}
    body = {"type": "button", "header": header, "body": {"text": "?"}, "action": {"buttons": [button]}}
    refused = await call("POST", "/v1/messages", {**asked, "type": "interactive", "interactive": body})
    assert refused.faults == [("/interactive/header/video/id", "not_allowed")]
    assert (await call("POST", "/v1/messages", {**asked, "type": "image", "image": {"id": file}})).status == 202


async def test_files_are_listed_read_in_parts_and_deleted(stack: Stack) -> None:
    call = await caller(stack)
    content = bytes(range(256)) * 600
    first = await upload(call, content, "application/octet-stream", "a b\u00e9.bin")
    second = await upload(call, PNG, "image/png")
    page = (await call("GET", "/v1/media?limit=1")).json
    rest = (await call("GET", f"/v1/media?limit=1&after={page['next_cursor']}")).json
    assert [each["id"] for each in (*page["data"], *rest["data"])] == [second["id"], first["id"]]
    target = f"/v1/media/{first['id']}/content"
    whole = await call("GET", target)
    assert whole.raw == content
    assert whole.headers["content-disposition"] == "attachment; filename*=UTF-8''a%20b%C3%A9.bin"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["accept-ranges"] == "bytes"
    for start, stop in ((0, 1), (65_535, 65_537), (100, 131_073), (140_000, len(content))):
        part = await call("GET", target, headers={"range": f"bytes={start}-{stop - 1}"})
        assert (part.status, part.raw) == (206, content[start:stop])
        assert part.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(content)}"
    assert (await call("GET", target, headers={"range": "bytes=999999-"})).status == 416
    other = await call("GET", target, headers={"range": "bytes=0-1", "if-range": '"another"'})
    assert (other.status, len(other.raw)) == (200, len(content))
    assert (await call("DELETE", f"/v1/media/{first['id']}")).status == 204
    assert (await call("GET", target)).status == 404
    assert (await call("DELETE", f"/v1/media/{first['id']}")).status == 404


async def test_a_hundred_megabytes_are_never_in_memory(stack: Stack) -> None:
    call = await caller(stack)
    chunk = bytes(MIB)
    head, tail = form(b"\x00", "big.bin", "application/octet-stream").split(b"\x00")
    tracemalloc.start()
    try:
        reply = await call("POST", "/v1/media", raw=[head, *[chunk] * 100, tail], headers=FORM)
        assert reply.status == 201
        assert reply.json["size"] == 100 * MIB
        assert tracemalloc.get_traced_memory()[1] < 16 * MIB
    finally:
        tracemalloc.stop()
    await call("DELETE", f"/v1/media/{reply.json['id']}")


async def test_a_message_is_marked_as_read(stack: Stack) -> None:
    call = await caller(stack)
    await stack.take(text(call.shop, "+15550001111", "hello"))
    (heard,) = (await call("GET", "/v1/messages")).json["data"]
    target = f"/v1/messages/{heard['id']}/read"
    assert (await call("POST", f"{target}?typing=true")).status == 204
    stack.provider.unread = [SendFailed(Remedy.RETRY, code=2, title="Busy")]
    assert (await call("POST", target)).status == 204, "a moment's trouble is tried again"
    assert stack.provider.read[-2:] == [(heard["provider_message_id"], True), (heard["provider_message_id"], False)]
    stack.provider.unread = [SendFailed(Remedy.THROTTLE_NUMBER, code=130429, title="Too fast", retry_after=7)]
    slow = await call("POST", target)
    assert (slow.status, slow.headers["retry-after"]) == (503, "7")
    stack.provider.unread = [SendFailed(Remedy.FINAL, code=100, title="Too old")]
    assert (await call("POST", target)).code == "refused_by_provider"
    sent = (await call("POST", "/v1/messages", call.text())).json["id"]
    assert (await call("POST", f"/v1/messages/{sent}/read")).code == "invalid_input"
