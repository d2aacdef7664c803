"""Language models as workspaces set them: asked within their budget, through the guarded way out, within a deadline."""

import asyncio
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

from parley.core.errors import ParleyError
from parley.core.ids import WorkspaceId
from parley.kit.egress import Egress
from parley.kit.off_loop import off_loop
from parley.kit.settings import Settings
from parley.modules.flows import Answer, Effect, EffectFailed, ModelAnswer, ModelDenied, ModelEffect
from parley.modules.knowledge.ports import Embedded, NotEmbedded
from parley.modules.privacy import BudgetReached, ModelMeter, ModelOff, ModelSettings, Reserved, Use

if TYPE_CHECKING:
    from parley.adapters.llm import library

EMBEDDING_SECONDS: Final = 30.0
CLIENTS: Final = 32
"""Providers with connections kept."""


class ModelFailed(Exception):
    """The model did not answer as it should; the text says why, for an author, without content."""


class LanguageModels:
    """The Performer of `model`, and the Embedder of knowledge. Close it, so that its connections end."""

    def __init__(self, settings: Settings, meter: ModelMeter) -> None:
        own = settings.models_allow_private or settings.webhooks_allow_private
        self._egress = Egress(allow_own=own, clients=CLIENTS)
        self._meter = meter

    async def perform(self, effect: Effect, workspace: WorkspaceId) -> Answer:
        """The model's answer; ModelDenied when it may not be asked, EffectFailed when it did not answer."""
        if not isinstance(effect, ModelEffect):
            return EffectFailed(reason="This is no request to a model.")
        try:
            settings, reserved = await self._meter.reserve(workspace, _characters(effect), effect.most_tokens)
        except ModelOff as error:
            return ModelDenied(why="off", sentence=error.detail)
        except BudgetReached as error:
            return ModelDenied(why="budget", sentence=error.detail)
        used = Use(month=reserved.month)
        try:
            answer = await self._ask(settings, effect)
            used = _used(settings, reserved, answer.input_tokens, answer.output_tokens)
        except (ModelFailed, TimeoutError) as error:
            return EffectFailed(reason=str(error) or "The model did not answer in time.")
        finally:
            await self._meter.settle(workspace, reserved, used)
        return ModelAnswer(
            text=answer.text,
            calls=answer.calls,
            input_tokens=answer.input_tokens,
            output_tokens=answer.output_tokens,
            cost=used.cost,
        )

    async def _ask(self, settings: ModelSettings, effect: ModelEffect) -> ModelAnswer:
        models = await _library()
        async with asyncio.timeout(effect.timeout):
            return await models.chat(self._egress, settings, effect)

    async def embed(self, workspace: WorkspaceId, texts: Sequence[str]) -> Embedded | None:
        """A vector for each text; None where no embedding model is on. Raises NotEmbedded."""
        settings = await self._meter.settings(workspace)
        if settings is None or settings.embedding is None:
            return None
        try:
            settings, reserved = await self._meter.reserve(workspace, sum(map(len, texts)), 0)
        except ParleyError as error:
            raise NotEmbedded(error.detail) from error
        used = Use(month=reserved.month)
        models = await _library()
        try:
            async with asyncio.timeout(EMBEDDING_SECONDS):
                vectors, tokens = await models.embed(self._egress, settings, texts, EMBEDDING_SECONDS)
            used = _used(settings, reserved, tokens, 0)
        except (ModelFailed, TimeoutError) as error:
            raise NotEmbedded(str(error)) from error
        finally:
            await self._meter.settle(workspace, reserved, used)
        if len(vectors) != len(texts):
            raise NotEmbedded("The model gave another number of vectors than texts.")
        return Embedded(settings.embedding.model if settings.embedding else "", vectors)

    async def close(self) -> None:
        """Drop all connections."""
        await self._egress.close()


def _characters(effect: ModelEffect) -> int:
    said = sum(len(line.text) + sum(len(call.arguments) for call in line.calls) for line in effect.lines)
    return said + sum(len(tool.name) + len(tool.description) + len(str(tool.parameters)) for tool in effect.tools)


def _used(settings: ModelSettings, reserved: Reserved, input_tokens: int, output_tokens: int) -> Use:
    cost = settings.price.cost(input_tokens, output_tokens) if settings.price else 0
    return Use(month=reserved.month, input_tokens=input_tokens, output_tokens=output_tokens, cost=cost)


async def _library() -> "type[library.Library]":
    """The part that needs the model library: seconds of loading and tens of megabytes, only where a model is on."""
    loaded = await off_loop(lambda: import_module("parley.adapters.llm.library"))
    return cast("type[library.Library]", loaded.Library)
