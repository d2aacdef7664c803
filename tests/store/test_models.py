"""Language models as flows and knowledge ask them: over the wire, within the budget, not before they are on."""

from collections.abc import AsyncIterator

import pytest

from parley.adapters.llm.models import LanguageModels
from parley.core.ids import WorkspaceId
from parley.modules.flows import Answer, EffectFailed, Line, ModelAnswer, ModelDenied, ModelEffect, ToolCall, ToolOffer
from parley.modules.privacy import ModelMeter, ModelSettings
from parley.modules.privacy.processors import Budget, Embedding, Price
from parley.modules.privacy.service.processors import model_use, switch_model
from tests.fakes.model import ModelServer, model_server
from tests.fakes.stack import Stack

pytestmark = pytest.mark.store

TALK = (
    Line("system", "Be brief."),
    Line("user", "Where is [ID_1]?"),
    Line("assistant", calls=(ToolCall("c1", "look_up", '{"order": "[ID_1]"}'),)),
    Line("tool", "On its way.", call_id="c1", tool="look_up"),
)
TOOL = ToolOffer("reply", "Say it.", {"type": "object", "properties": {"text": {"type": "string"}}})
ASKED = ModelEffect(lines=TALK, tools=(TOOL,), most_tokens=50, timeout=5)


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with model_server() as running:
        yield running


async def switched_on(stack: Stack, server: ModelServer, **more: object) -> WorkspaceId:
    workspace = (await stack.shop()).workspace
    settings = ModelSettings(base_url=server.url, model="small", api_key="sk-1", **more)  # type: ignore[arg-type]
    async with stack.app.units.begin(workspace) as unit:
        await switch_model(unit, stack.app.keys, settings, enabled=True)
    return workspace


def models(stack: Stack, *, private: bool = True) -> LanguageModels:
    settings = stack.app.settings.model_copy(update={"models_allow_private": private, "webhooks_allow_private": False})
    return LanguageModels(settings, ModelMeter(stack.app.units, stack.app.keys))


async def asked(stack: Stack, workspace: WorkspaceId, effect: ModelEffect = ASKED, *, private: bool = True) -> Answer:
    asking = models(stack, private=private)
    try:
        return await asking.perform(effect, workspace)
    finally:
        await asking.close()


async def test_a_talk_with_tools(stack: Stack, server: ModelServer) -> None:
    workspace = await switched_on(stack, server, price=Price(input=1, output=2, currency="EUR"))
    server.answers(reply={"text": "It is on its way."})
    answer = await asked(stack, workspace)
    assert isinstance(answer, ModelAnswer)
    assert [(call.name, call.arguments) for call in answer.calls] == [("reply", '{"text":"It is on its way."}')]
    assert (answer.input_tokens, answer.output_tokens, answer.cost) == (100, 20, 140)
    sent = server.asked[0]
    assert [each["role"] for each in sent["messages"]] == ["system", "user", "assistant", "tool"]
    assert sent["messages"][2]["tool_calls"][0]["function"]["name"] == "look_up"
    assert (sent["model"], sent["tools"][0]["function"]["name"], server.keys) == ("small", "reply", ["Bearer sk-1"])
    async with stack.app.units.begin(workspace) as unit:
        used = await model_use(unit)
    assert (used.calls, used.input_tokens, used.output_tokens, used.cost) == (1, 100, 20, 140)


async def test_off_means_off(stack: Stack, server: ModelServer) -> None:
    workspace = (await stack.shop()).workspace
    denied = await asked(stack, workspace)
    assert isinstance(denied, ModelDenied)
    assert denied.why == "off"
    assert server.asked == []
    assert await models(stack).embed(workspace, ["hello"]) is None


@pytest.mark.parametrize("budget", [Budget(calls=1), Budget(tokens=300), Budget(money=0.0003)])
async def test_the_months_budget_is_never_exceeded(stack: Stack, server: ModelServer, budget: Budget) -> None:
    workspace = await switched_on(stack, server, budget=budget, price=Price(input=1, output=2, currency="EUR"))
    for _ in range(4):
        server.answers(reply={})
    answers = [await asked(stack, workspace) for _ in range(4)]
    assert isinstance(answers[0], ModelAnswer)
    assert isinstance(answers[-1], ModelDenied)
    assert answers[-1].why == "budget"
    assert len(server.asked) == sum(isinstance(each, ModelAnswer) for each in answers)


async def test_what_fails_is_told_without_content(stack: Stack, server: ModelServer) -> None:
    workspace = await switched_on(stack, server)
    server.fails(400, {"error": {"message": "You said: Where is [ID_1]?"}})
    server.fails(200, {"choices": []})
    first, second = await asked(stack, workspace), await asked(stack, workspace)
    assert first == EffectFailed(reason="The model's provider answered with status 400.")
    assert isinstance(second, EffectFailed)
    assert "ID_1" not in second.reason


async def test_a_slow_model_is_not_waited_for(stack: Stack, server: ModelServer) -> None:
    workspace = await switched_on(stack, server)
    server.gate.clear()
    slow = ModelEffect(lines=TALK, tools=(TOOL,), most_tokens=50, timeout=1)
    assert isinstance(await asked(stack, workspace, slow), EffectFailed)


async def test_a_private_address_is_not_called(stack: Stack, server: ModelServer) -> None:
    workspace = await switched_on(stack, server)
    assert isinstance(await asked(stack, workspace, private=False), EffectFailed)
    assert server.asked == []


async def test_texts_become_vectors(stack: Stack, server: ModelServer) -> None:
    workspace = await switched_on(stack, server, embedding=Embedding(model="e"))
    asking = models(stack)
    found = await asking.embed(workspace, ["aab", "c"])
    await asking.close()
    assert found is not None
    assert (found.model, [list(each)[:3] for each in found.vectors]) == ("e", [[2, 1, 0], [0, 0, 1]])
