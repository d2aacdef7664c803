"""Processors: services of others that a workspace lets work on its data. What they may cost. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import msgspec

from parley.core.errors import ParleyError

MODEL: Final = "model"
"""The language model, and the model that embeds documents."""
MICROS: Final = 1_000_000
"""Money is counted in millionths of its unit, so that a token of a cheap model still counts."""
CHARACTERS_A_TOKEN: Final = 3
"""For the estimate that is reserved: real texts have three to five, so it errs upwards."""


class ModelOff(ParleyError):
    """The workspace has not switched its language model on."""

    code = "processor_off"


class BudgetReached(ParleyError):
    """The month's budget of the processor does not allow another request."""

    code = "budget_reached"


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """What a million tokens cost, in and out."""

    input: float
    output: float
    currency: str

    def cost(self, input_tokens: int, output_tokens: int) -> int:
        """Millionths of the currency's unit, rounded up to one."""
        micros = self.input * input_tokens + self.output * output_tokens
        return int(micros) + (micros > int(micros))


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """The most that may be used in a calendar month (UTC); None is no bound."""

    calls: int | None = None
    tokens: int | None = None
    money: float | None = None


class Embedding(msgspec.Struct, frozen=True, kw_only=True):
    """The model that turns texts into vectors; at the same provider where no address is given."""

    model: str
    base_url: str | None = None
    api_key: str | None = None


class ModelSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where a workspace's language model is, and what it may cost. Kept sealed."""

    base_url: str
    model: str
    api_key: str | None = None
    region: str | None = None
    embedding: Embedding | None = None
    price: Price | None = None
    budget: Budget = Budget()


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What was used in a month. `cost` in millionths of the currency's unit."""

    month: date
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSwitch:
    """The processor as a workspace left it. `settings` is None where it was never set."""

    enabled: bool
    settings: ModelSettings | None
    updated_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved:
    """What was set aside for one request: its month, its tokens, its cost."""

    month: date
    tokens: int
    cost: int


def estimate(settings: ModelSettings, month: date, characters: int, output_tokens: int) -> Reserved:
    """The most that a request should come to."""
    input_tokens = characters // CHARACTERS_A_TOKEN + 1
    cost = settings.price.cost(input_tokens, output_tokens) if settings.price else 0
    return Reserved(month=month, tokens=input_tokens + output_tokens, cost=cost)
