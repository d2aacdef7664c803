"""Model: a language model is asked to go on with a talk. What it is given is masked, so what it answers is too."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from parley.core.json import JsonObject, JsonValue
from parley.modules.flows.engine.effect import Answer, Effect


class ToolCall(msgspec.Struct, frozen=True):
    """The model wants a tool used: its name, and the arguments as JSON text."""

    id: str
    name: str
    arguments: str = "{}"


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of the talk. An `assistant` may call tools; a `tool` answers one call."""

    role: Literal["system", "user", "assistant", "tool"]
    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    call_id: str | None = None
    tool: str | None = None


class ToolOffer(msgspec.Struct, frozen=True):
    """A tool that the model may use; `parameters` is a JSON Schema."""

    name: str
    description: str
    parameters: Mapping[str, object]


class ModelEffect(Effect, frozen=True, kw_only=True, tag="model"):
    """A request to the workspace's language model, which answers by using one of the tools."""

    lines: tuple[Line, ...]
    tools: tuple[ToolOffer, ...]
    model: str | None = None
    """Another one than the workspace's, at the same provider."""
    most_tokens: int
    """Of the answer."""

    def asked(self) -> JsonObject:
        """`says`: the last line; `system`: the first; `tools`: their names."""
        tools: list[JsonValue] = [tool.name for tool in self.tools]
        return {"says": self.lines[-1].text, "system": self.lines[0].text, "tools": tools, "model": self.model}


class ModelAnswer(Answer, frozen=True, kw_only=True, tag="model"):
    """What the model said, the tools it wants used, and what that took. `cost` in millionths, 0 without a price."""

    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    input_tokens: int = 0
    output_tokens: int = 0
    cost: int = 0


class ModelDenied(Answer, frozen=True, kw_only=True, tag="model_denied"):
    """The model was not asked: it is switched `off`, or the workspace's `budget` is used up."""

    why: Literal["off", "budget"]
    sentence: str
