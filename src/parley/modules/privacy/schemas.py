"""Wire shapes of processors."""

from datetime import date
from typing import Annotated

from pydantic import Field, JsonValue, StringConstraints

from parley.kit.rest.shapes import Given, Moment, Shown
from parley.modules.privacy.processors import (
    MICROS,
    Budget,
    Embedding,
    ModelSettings,
    ModelSwitch,
    Price,
    Use,
)

Url = Annotated[
    str,
    StringConstraints(max_length=500, pattern=r"^https?://", strip_whitespace=True),
    Field(examples=["https://models.example/v1"], description="Of an API that is compatible with OpenAI's."),
]
ModelName = Annotated[
    str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True), Field(examples=["small-1"])
]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=1000, strip_whitespace=True)]
_EXAMPLE: JsonValue = {
    "enabled": True,
    "base_url": "https://models.example/v1",
    "model": "small-1",
    "api_key": "sk-example",
    "region": "EU",
    "price": {"input": 0.5, "output": 1.5, "currency": "EUR"},
    "budget": {"money": 50},
}


class PriceShape(Given):
    """What a million tokens cost; what was used is told in money by it."""

    input: float = Field(ge=0, le=100_000)
    output: float = Field(ge=0, le=100_000)
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "EUR"


class BudgetShape(Given):
    """The most that may be used in a calendar month (UTC). A request that might go beyond is not made."""

    calls: int | None = Field(default=None, ge=0, le=2**53)
    tokens: int | None = Field(default=None, ge=0, le=2**53)
    money: float | None = Field(default=None, ge=0, le=1_000_000_000, description="By `price`.")


class EmbeddingShape(Given):
    """The model that finds passages by their meaning."""

    model: ModelName
    base_url: Url | None = Field(default=None, description="Left out where the same provider has it.")
    api_key: Secret | None = Field(default=None, description="Never shown again; left out, it stays as it was.")


class ModelProcessorGiven(Given):
    """The language model that a workspace lets work on what people write."""

    model_config = {**Given.model_config, "json_schema_extra": {"examples": [_EXAMPLE]}}

    enabled: bool
    base_url: Url
    model: ModelName
    api_key: Secret | None = Field(default=None, description="Never shown again; left out, it stays as it was.")
    region: Annotated[str, StringConstraints(max_length=100)] | None = Field(
        default=None, description="Where the provider processes data, for the register."
    )
    embedding: EmbeddingShape | None = None
    price: PriceShape | None = None
    budget: BudgetShape = BudgetShape()

    def settings(self) -> ModelSettings:
        """As it is kept."""
        return ModelSettings(
            base_url=self.base_url.rstrip("/"),
            model=self.model,
            api_key=self.api_key,
            region=self.region,
            embedding=None if self.embedding is None else Embedding(**self.embedding.model_dump()),
            price=None if self.price is None else Price(**self.price.model_dump()),
            budget=Budget(**self.budget.model_dump()),
        )


class EmbeddingShown(Shown):
    """The embedding model, without its key."""

    model: str
    base_url: str | None
    has_api_key: bool

    @classmethod
    def of(cls, embedding: Embedding) -> "EmbeddingShown":
        return cls(model=embedding.model, base_url=embedding.base_url, has_api_key=embedding.api_key is not None)


class UseShown(Shown):
    """What was used in a calendar month."""

    month: date
    calls: int
    input_tokens: int
    output_tokens: int
    money: float = Field(description="By `price`; what is under way is counted by its estimate.")


class ModelProcessorShown(Shown):
    """The language model as it is set, without its key."""

    enabled: bool
    base_url: str | None
    model: str | None
    has_api_key: bool
    region: str | None
    embedding: EmbeddingShown | None
    price: PriceShape | None
    budget: BudgetShape
    use: UseShown
    updated_at: Moment | None

    @classmethod
    def of(cls, switch: ModelSwitch, use: Use) -> "ModelProcessorShown":
        settings = switch.settings
        embedding = settings.embedding if settings else None
        price = settings.price if settings else None
        budget = settings.budget if settings else Budget()
        return cls(
            enabled=switch.enabled,
            base_url=settings.base_url if settings else None,
            model=settings.model if settings else None,
            has_api_key=settings is not None and settings.api_key is not None,
            region=settings.region if settings else None,
            embedding=EmbeddingShown.of(embedding) if embedding else None,
            price=PriceShape(input=price.input, output=price.output, currency=price.currency) if price else None,
            budget=BudgetShape(calls=budget.calls, tokens=budget.tokens, money=budget.money),
            use=UseShown(
                month=use.month,
                calls=use.calls,
                input_tokens=use.input_tokens,
                output_tokens=use.output_tokens,
                money=use.cost / MICROS,
            ),
            updated_at=switch.updated_at,
        )
