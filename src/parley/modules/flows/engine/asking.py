"""What nodes that ask a language model have in common: within which bounds, with which words, and when it fails."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

import msgspec
from msgspec import Meta

from parley.modules.flows.engine import limits
from parley.modules.flows.engine.dates import Reader
from parley.modules.flows.engine.effect import EffectFailed
from parley.modules.flows.engine.effects.model import Line, ModelAnswer, ModelDenied, ModelEffect, ToolOffer
from parley.modules.flows.engine.events.asking_the_world import ModelAnswered, ModelAsked
from parley.modules.flows.engine.fields import Duration, Finding, Target, error, length, warning
from parley.modules.flows.engine.masking import Mask
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.parameters import Description
from parley.modules.flows.engine.session import Spent
from parley.modules.flows.engine.steps import Leave, Step
from parley.modules.flows.engine.turn import Turn
from parley.modules.flows.engine.world import EffectAnswered, Resume, Returned

MICROS: Final = 1_000_000
HIDDEN: Final = (
    "Names, numbers and addresses of people are hidden behind placeholders like [NAME_1] or [PHONE_2]. "
    "Use a placeholder exactly as it is wherever you mean its value; never make one up."
)
Confidence = Annotated[float, Meta(ge=0, le=1, description="From 0 to 1: how sure the model has to be.")]


class SpendLimit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The most that all models may use in one conversation; the workspace has its own budget a month."""

    calls: Annotated[int, Meta(ge=1, le=limits.MODEL_CALLS)] = limits.MODEL_CALLS
    tokens: Annotated[int, Meta(ge=1, le=limits.MODEL_TOKENS)] = limits.MODEL_TOKENS
    money: Annotated[float, Meta(gt=0, description="By the price that the workspace set.")] | None = None

    def reached(self, spent: Spent) -> str | None:
        """Which bound holds, in words."""
        if spent.calls >= self.calls:
            return f"{spent.calls} requests to the model"
        if spent.tokens >= self.tokens:
            return f"{spent.tokens} tokens"
        if self.money is not None and spent.cost >= self.money * MICROS:
            return f"{spent.cost / MICROS:g} of money"
        return None


class Way(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A way that the model may choose: when, and where to."""

    description: Description
    next: Target | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request in the node's words: its lines, and the tools by one of which the model answers."""

    lines: Sequence[Line]
    tools: Sequence[ToolOffer]


class AsksModel(Node, frozen=True, kw_only=True):
    """A node that asks the workspace's language model."""

    group: ClassVar[Group] = "ai"

    model: Annotated[str, Meta(max_length=200, description="Another model of the same provider.")] | None = None
    within: Annotated[Duration, Meta(description="How long one request may take; 40 seconds at most.")] = "30s"
    most_tokens: Annotated[int, Meta(ge=16, le=8_000, description="Of one answer.")] = 800
    budget: SpendLimit = SpendLimit()
    over_budget: Annotated[Target | None, Meta(description="Where to go when a budget is used up.")] = None
    failed: Annotated[Target | None, Meta(description="Where to go when the model is off or gives no answer.")] = None

    def ask_model(self, turn: Turn, asked: Asked) -> Step:
        """The request, unless the conversation's budget is used up."""
        reached = self.budget.reached(turn.spent)
        if reached is not None:
            turn.limit("MODEL_BUDGET", f"The conversation used {reached}; its budget allows no more.")
            return Leave("budget")
        turn.events.append(ModelAsked(turn.node, len(asked.lines), len(asked.tools)))
        seconds = min(int(length(self.within).total_seconds()), limits.MODEL_SECONDS)
        effect = ModelEffect(
            lines=tuple(asked.lines),
            tools=tuple(asked.tools),
            model=self.model,
            most_tokens=self.most_tokens,
            timeout=seconds,
        )
        return turn.ask_world(effect)

    def answer_of(self, turn: Turn, resume: Resume | Returned) -> ModelAnswer | Leave:
        """The model's answer, counted; or the way out where there is none."""
        result = resume.result if isinstance(resume, EffectAnswered) else None
        match result:
            case ModelAnswer():
                turn.spend(result.input_tokens + result.output_tokens, result.cost)
                tools = tuple(call.name for call in result.calls)
                told = ModelAnswered(turn.node, tools, result.input_tokens, result.output_tokens, result.cost, None)
                turn.events.append(told)
                return result
            case ModelDenied(why=why, sentence=sentence):
                turn.failed(sentence)
                return Leave("budget" if why == "budget" else "failed")
            case EffectFailed(reason=reason):
                turn.spend(0, 0)
            case _:
                reason = "No answer came in time."
        turn.events.append(ModelAnswered(turn.node, (), 0, 0, 0, reason))
        return Leave("failed")

    def mask(self, turn: Turn) -> Mask:
        """What is hidden in this node's talk so far."""
        kept: list[list[str]] = turn.run.notes.get("mask", [])  # type: ignore[assignment]  # what `keep_mask` put there
        return Mask(kept, [turn.world.contact.name])

    def keep_mask(self, turn: Turn, mask: Mask) -> None:
        """Remember it until the node is left."""
        turn.run.notes["mask"] = mask.kept

    def reader(self, turn: Turn) -> Reader:
        """How values are read that the model gives."""
        return Reader(today=turn.today(), language="en")

    def bounded_exits(self) -> dict[str, str | None]:
        """The exits that each of these nodes has."""
        return {"budget": self.over_budget, "failed": self.failed}

    def inspect(self) -> Iterator[Finding]:
        if length(self.within).total_seconds() > limits.MODEL_SECONDS:
            yield error("/within", "too_long", f"A request takes {limits.MODEL_SECONDS} seconds at most; write less.")
        if self.failed is None:
            yield warning("/failed", "no_way_out", "Models fail: say where to go then, else the conversation ends.")
