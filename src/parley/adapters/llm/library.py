"""What is said to a model and what it answers, in the words of pydantic-ai. One request; the engine makes the talk."""

from collections.abc import Sequence

import httpx2
from openai import AsyncOpenAI
from pydantic_ai import ModelRequest, ModelResponse, TextPart, ToolCallPart, ToolDefinition, ToolReturnPart
from pydantic_ai.direct import model_request
from pydantic_ai.embeddings.openai import OpenAIEmbeddingModel
from pydantic_ai.exceptions import AgentRunError, ModelHTTPError, UserError
from pydantic_ai.messages import ModelMessage, SystemPromptPart, UserPromptPart
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider
from pydantic_ai.settings import ModelSettings as RequestSettings

from parley.adapters.llm.models import ModelFailed
from parley.adapters.llm.transport import GuardedTransport
from parley.kit.egress import Egress
from parley.modules.flows import Line, ModelAnswer, ModelEffect, ToolCall
from parley.modules.privacy import ModelSettings

UNUSABLE = (AgentRunError, UserError, ValueError, LookupError, TypeError, AttributeError)
"""What the library raises for providers that fail, and for answers of a shape that it does not expect."""
NO_KEY = "none"
"""Local models want none, the library wants one."""


class Library:
    """Requests by the library. It keeps nothing: connections are kept by the Egress."""

    @staticmethod
    async def chat(egress: Egress, settings: ModelSettings, effect: ModelEffect) -> ModelAnswer:
        """Raises ModelFailed."""
        provider = _provider(egress, settings.base_url, settings.api_key, effect.timeout)
        model = OpenAIChatModel(effect.model or settings.model, provider=provider)
        tools = [
            ToolDefinition(name=each.name, description=each.description, parameters_json_schema=dict(each.parameters))
            for each in effect.tools
        ]
        asked = RequestSettings(max_tokens=effect.most_tokens, temperature=0.0, timeout=effect.timeout)
        parameters = ModelRequestParameters(function_tools=tools)
        try:
            answer = await model_request(
                model, _messages(effect.lines), model_settings=asked, model_request_parameters=parameters
            )
        except UNUSABLE as error:
            raise ModelFailed(_reason(error)) from error
        calls = tuple(
            ToolCall(part.tool_call_id, part.tool_name, part.args_as_json_str())
            for part in answer.parts
            if isinstance(part, ToolCallPart)
        )
        said = "".join(part.content for part in answer.parts if isinstance(part, TextPart))
        usage = answer.usage
        return ModelAnswer(text=said, calls=calls, input_tokens=usage.input_tokens, output_tokens=usage.output_tokens)

    @staticmethod
    async def embed(
        egress: Egress, settings: ModelSettings, texts: Sequence[str], seconds: float
    ) -> tuple[Sequence[Sequence[float]], int]:
        """A vector for each text, and the tokens that took. Raises ModelFailed."""
        wanted = settings.embedding
        if wanted is None:
            raise ModelFailed("No embedding model is set.")
        elsewhere = wanted.base_url is not None
        key = wanted.api_key if elsewhere else wanted.api_key or settings.api_key
        provider = _provider(egress, wanted.base_url or settings.base_url, key, seconds)
        try:
            result = await OpenAIEmbeddingModel(wanted.model, provider=provider).embed(
                list(texts), input_type="document"
            )
        except UNUSABLE as error:
            raise ModelFailed(_reason(error)) from error
        return result.embeddings, result.usage.input_tokens


def _provider(egress: Egress, base_url: str, key: str | None, seconds: float) -> OpenAICompatibleProvider:
    client = httpx2.AsyncClient(transport=GuardedTransport(egress, seconds), trust_env=False)
    provider = AsyncOpenAI(base_url=base_url, api_key=key or NO_KEY, http_client=client, max_retries=0)
    return OpenAICompatibleProvider("openai-compatible", openai_client=provider)


def _messages(lines: Sequence[Line]) -> list[ModelMessage]:
    found: list[ModelMessage] = []
    for line in lines:
        match line.role:
            case "system":
                found.append(ModelRequest(parts=[SystemPromptPart(line.text)]))
            case "user":
                found.append(ModelRequest(parts=[UserPromptPart(line.text)]))
            case "tool":
                answered = ToolReturnPart(line.tool or "", line.text, tool_call_id=line.call_id or "")
                found.append(ModelRequest(parts=[answered]))
            case "assistant":
                said = [TextPart(line.text)] if line.text else []
                calls = [ToolCallPart(call.name, call.arguments, tool_call_id=call.id) for call in line.calls]
                found.append(ModelResponse(parts=[*said, *calls]))
    return found


def _reason(error: Exception) -> str:
    """Why, without what was said: a provider's own words may quote it."""
    if isinstance(error, ModelHTTPError):
        return f"The model's provider answered with status {error.status_code}."
    return f"The model's provider gave no usable answer ({type(error).__name__})."
