"""An agent through the whole host: what leaves to the model, what is said, what stays, and that it can be run again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from parley.adapters.documents.readers import READERS
from parley.adapters.llm.models import LanguageModels
from parley.core.json import JsonObject
from parley.modules.flows import KnowledgeSearch
from parley.modules.knowledge import Finder, KnowledgeWorker, NewDocument, add_document
from parley.modules.privacy import ModelMeter, ModelSettings
from parley.modules.privacy.processors import Budget
from parley.modules.privacy.service.processors import switch_model
from tests.fakes.meta import text
from tests.fakes.model import ModelServer, model_server
from tests.fakes.stack import Shop, Stack
from tests.store.test_flow_replay import compare
from tests.store.test_flows import ADA, effects, facts, hear, words

pytestmark = pytest.mark.store

AGENT: JsonObject = {
    "id": "agent",
    "name": "Agent",
    "triggers": {"default": True},
    "start": "talk",
    "nodes": {
        "talk": {
            "type": "ai_agent",
            "instructions": "You work for a shop; you speak with {{ contact.name }}.",
            "tools": [{"type": "knowledge"}, {"type": "hand_over", "team": "Support"}],
            "failed": "sorry",
            "over_budget": "sorry",
        },
        "sorry": {"type": "end", "text": "Please write again."},
    },
}
HELP = "# Help\n\n## Delivery\n\nWe deliver within two days."


@asynccontextmanager
async def talking(stack: Stack, budget: Budget) -> AsyncIterator[tuple[Shop, ModelServer]]:
    """A shop whose agent answers from a document, and the model that it asks."""
    settings = stack.app.settings.model_copy(update={"models_allow_private": True})
    models = LanguageModels(settings, ModelMeter(stack.app.units, stack.app.keys))
    finder = Finder(stack.app.units, stack.app.keys, models)
    stack.process.resuming.performers = {"model": models, "knowledge": KnowledgeSearch(finder)}
    shop = await stack.shop(flow=AGENT)
    async with model_server() as server:
        async with stack.app.units.begin(shop.workspace) as unit:
            switched = ModelSettings(base_url=server.url, model="small", budget=budget)
            await switch_model(unit, stack.app.keys, switched, enabled=True)
            document = NewDocument(title="Help", kind="markdown", language="en", content=HELP.encode())
            await add_document(unit, stack.app.keys, document)
        await KnowledgeWorker(stack.app.units, stack.app.keys, READERS, models).work()
        yield shop, server
        await models.close()


def reply(said: str, **more: Any) -> dict[str, Any]:
    return {"text": said, "kind": "chat", "confidence": 0.9, "summary": "Asks.", **more}


async def test_an_answer_from_a_document(stack: Stack, capfd: pytest.CaptureFixture[str]) -> None:
    async with talking(stack, Budget()) as (shop, server):
        await hear(stack, text(shop, ADA, "I am Ada, ada@example.org. How fast do you deliver?", name="Ada Byron"))
        server.answers(search_knowledge={"query": "how fast delivery"})
        server.answers(reply=reply("[NAME_1], in two days.", kind="answer", sources=["s1"]))
        for _ in range(3):
            await effects(stack.process)
        assert words(stack) == ["Ada, in two days.\n\n(Help, Help > Delivery)"]
        assert "We deliver within two days." in server.asked[1]["messages"][-1]["content"]
        for secret in ("Ada", "Byron", "ada@example.org", ADA[1:]):
            assert secret not in str(server.asked), "hidden from the model"
            assert secret not in "".join(capfd.readouterr()), "and from the logs"
        (compared,) = await compare(stack, shop, "agent")
        assert (compared.same, compared.sprints) == (True, 4)
        told = await stack.look("select recorded::text, workspace_id::text from flow_sprint")
        assert all(b"deliver".hex() not in str(row) for row in told), "the talk is kept sealed"


async def test_a_colleague_takes_over(stack: Stack) -> None:
    async with talking(stack, Budget()) as (shop, server):
        await hear(stack, text(shop, ADA, "A person, please"))
        server.answers(hand_over={"summary": "Wants a person."})
        await effects(stack.process)
        await hear(stack, text(shop, ADA, "Hello?"))
        await effects(stack.process)
        assert (words(stack), len(server.asked)) == ([], 1)


async def test_the_months_budget_is_used_up(stack: Stack) -> None:
    async with talking(stack, Budget(calls=1)) as (shop, server):
        server.answers(reply=reply("Hello!"))
        for said in ("hi", "hi again"):
            await hear(stack, text(shop, ADA, said))
            await effects(stack.process)
        assert words(stack) == ["Hello!", "Please write again."]
        assert len(server.asked) == 1
        assert "flow.stumbled" in [each.kind for each in await facts(stack, shop)]
