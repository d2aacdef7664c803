"""Documents that answers are drawn from: sent, read, found, cited, deleted."""

from collections.abc import Sequence

import pytest

from parley.adapters.documents.readers import READERS
from parley.core.ids import WorkspaceId
from parley.modules.knowledge import Finder, KnowledgeWorker
from parley.modules.knowledge.ports import Embedded, NotEmbedded
from parley.modules.knowledge.service import take_in
from tests.fakes.api import FORM, Caller, Json, caller, form
from tests.fakes.stack import Stack

pytestmark = [pytest.mark.store, pytest.mark.asyncio(loop_scope="session")]

SHOP = """# Shop

## Delivery

We ship within two days. Shipping to France costs 5 EUR.

## Returns

Send it back within thirty days; the refund comes within a week.
"""


class Meanings:
    """An embedding model that knows two subjects."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.fails = 0

    async def embed(self, workspace: WorkspaceId, texts: Sequence[str]) -> Embedded | None:
        self.asked += texts
        if self.fails:
            self.fails -= 1
            raise NotEmbedded("away")
        return Embedded("two", [[1.0, 0.0] if _about_money(text) else [0.0, 1.0] for text in texts])


def _about_money(text: str) -> bool:
    return "refund" in text or "money" in text


async def worked(stack: Stack, meanings: Meanings | None = None) -> None:
    embedder = meanings or stack.app.models
    while await KnowledgeWorker(stack.app.units, stack.app.keys, READERS, embedder).work():
        pass


async def told(call: Caller, **given: object) -> Json:
    reply = await call("POST", "/v1/knowledge-documents", {"title": "Help", "content": SHOP, **given})
    assert reply.status == 201, reply.json
    return reply.json


async def found(call: Caller, question: str) -> list[Json]:
    reply = await call("GET", f"/v1/knowledge/search?q={question}")
    assert reply.status == 200, reply.json
    data: list[Json] = reply.json["data"]
    return data


async def test_a_document_is_found_by_its_words(stack: Stack) -> None:
    call = await caller(stack)
    sent = await told(call)
    assert (sent["state"], sent["passages"]) == ("waiting", 0)
    assert await found(call, "refunds") == []
    await worked(stack)
    document = (await call("GET", f"/v1/knowledge-documents/{sent['id']}")).json
    assert (document["state"], document["passages"], document["embedded"]) == ("ready", 2, False)
    best = (await found(call, "how long does shipping to france take?"))[0]
    assert (best["title"], best["section"], best["document_id"]) == ("Help", "Shop > Delivery", sent["id"])
    assert best["text"].startswith("We ship within two days.")
    assert [each["section"] for each in await found(call, "refunds")] == ["Shop > Returns"]
    assert await found(call, "submarine") == []
    assert await found(call, "the of and") == []
    assert "knowledge.ready" in [each["type"] for each in (await call("GET", "/v1/events")).json["data"]]


async def test_each_language_by_its_own_rules(stack: Stack) -> None:
    call = await caller(stack)
    await told(call, content="Wir liefern unsere Häuser schnell.", language="de")
    await told(call, content="Entregamos las casas.", language="es")
    await worked(stack)
    assert [each["text"] for each in await found(call, "Haus")] == ["Wir liefern unsere Häuser schnell."]
    assert [each["text"] for each in await found(call, "casa")] == ["Entregamos las casas."]


async def test_nothing_of_it_can_be_read_in_the_database(stack: Stack) -> None:
    call = await caller(stack)
    await told(call, content="Zanzibar xylophone", title="Quokka")
    await worked(stack)
    for table in ("knowledge_document", "knowledge_passage"):
        rows = await stack.look(f"select t::text from {table} t where workspace_id = $1", call.shop.workspace)  # noqa: S608
        whole = str(rows).lower()
        assert rows
        assert not any(word in whole for word in ("zanzibar", "xylophon", "quokka", b"Zanzibar".hex()))


async def test_files_and_what_is_wrong_with_them(stack: Stack) -> None:
    call = await caller(stack)

    async def sent(content: bytes, name: str) -> Json:
        reply = await call("POST", "/v1/knowledge-documents/upload?language=en", raw=form(content, name), headers=FORM)
        assert reply.status == 201, reply.json
        return reply.json

    page = await sent(b"<h1>Hours</h1><p>Open from nine.</p>", "Opening hours.html")
    broken = await sent(b"no pdf", "broken.pdf")
    empty = await sent(b"<p></p>", "empty.html")
    await worked(stack)
    assert (page["title"], page["filename"], page["format"]) == ("Opening hours", "Opening hours.html", "html")
    assert (await found(call, "open"))[0]["section"] == "Hours"
    states = {each["id"]: each for each in (await call("GET", "/v1/knowledge-documents")).json["data"]}
    assert (states[broken["id"]]["state"], states[broken["id"]]["problem"]) == ("failed", "unreadable")
    assert states[empty["id"]]["problem"] == "empty"
    refused = await call("POST", "/v1/knowledge-documents/upload", raw=form(b"x", "x.exe"), headers=FORM)
    assert (refused.status, refused.json["errors"][0]["code"]) == (422, "unknown_kind")


async def test_deleted_means_gone(stack: Stack) -> None:
    call = await caller(stack)
    sent = await told(call)
    waiting = await told(call)
    await worked(stack)
    for each in (sent, waiting):
        assert (await call("DELETE", f"/v1/knowledge-documents/{each['id']}")).status == 204
    assert await found(call, "refund") == []
    for table in ("knowledge_document", "knowledge_passage"):
        assert not await stack.look(f"select 1 from {table} where workspace_id = $1", call.shop.workspace)  # noqa: S608
    assert (await call("DELETE", f"/v1/knowledge-documents/{sent['id']}")).status == 404


async def test_meaning_finds_what_words_do_not(stack: Stack) -> None:
    call = await caller(stack)
    meanings = Meanings()
    sent = await told(call)
    await worked(stack, meanings)
    assert (await call("GET", f"/v1/knowledge-documents/{sent['id']}")).json["embedded"]
    finder = Finder(stack.app.units, stack.app.keys, meanings)
    best = await finder.search(call.shop.workspace, "I want my money", 1)
    assert [each.section for each in best] == ["Shop > Returns"]
    meanings.fails = 1
    assert [each.section for each in await finder.search(call.shop.workspace, "refund", 5)] == ["Shop > Returns"]


async def test_a_model_that_is_away_is_asked_again_then_done_without(stack: Stack) -> None:
    call = await caller(stack)
    meanings = Meanings()
    meanings.fails = take_in.ATTEMPTS
    sent = await told(call)
    for _ in range(take_in.ATTEMPTS):
        await worked(stack, meanings)
        await stack.look("update knowledge_document set due_at = now() where due_at is not null")
    document = (await call("GET", f"/v1/knowledge-documents/{sent['id']}")).json
    assert (document["state"], document["problem"], document["embedded"]) == ("ready", "not_embedded", False)


async def test_the_model_is_off_until_it_is_switched_on(stack: Stack) -> None:
    call = await caller(stack)
    before = (await call("GET", "/v1/processors/model")).json
    assert (before["enabled"], before["base_url"], before["use"]["calls"]) == (False, None, 0)
    given = {"enabled": True, "base_url": "https://models.example/v1", "model": "m", "api_key": "sk-secret"}
    put = await call("PUT", "/v1/processors/model", {**given, "budget": {"calls": 3}, "region": "EU"})
    assert put.status == 200, put.json
    assert "sk-secret" not in str(put.json)
    assert (put.json["has_api_key"], put.json["budget"]["calls"], put.json["region"]) == (True, 3, "EU")
    del given["api_key"]
    assert (await call("PUT", "/v1/processors/model", given)).json["has_api_key"]
    elsewhere = {**given, "base_url": "https://other.example/v1"}
    assert not (await call("PUT", "/v1/processors/model", elsewhere)).json["has_api_key"]
    bad = await call("PUT", "/v1/processors/model", {**given, "base_url": "https://me:pass@models.example/v1"})
    assert (bad.status, bad.json["errors"][0]["pointer"]) == (422, "/base_url")
    assert "processor.changed" in [each["type"] for each in (await call("GET", "/v1/events")).json["data"]]
