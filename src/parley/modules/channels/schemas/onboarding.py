"""Wire shapes of bringing numbers in. Tokens and PINs never leave."""

from typing import Literal

from pydantic import ConfigDict, Field, JsonValue

from parley.core.ids import public
from parley.kit.rest.shapes import ChannelId, Given, Moment, OnboardingId, Shown
from parley.modules.channels.service.onboard import Onboarding

_SIGNUP: JsonValue = {
    "code": "AQB…",
    "phone_number_id": "106540352242922",
    "waba_id": "102290129340398",
    "pin": "482915",
}


class OnboardingRequest(Given):
    """What the page of Embedded Signup handed over."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SIGNUP]})

    code: str | None = Field(None, description="Lives thirty seconds; send it on at once.", max_length=2048)
    phone_number_id: str = Field(min_length=1, max_length=64)
    waba_id: str = Field(min_length=1, max_length=64)
    coexistence: bool = Field(default=False, description="The number stays in the Business app as well.")
    pin: str | None = Field(None, description="Six digits; one is made up when it is left out, and kept.")


class OnboardingStep(Shown):
    """A step, and what became of it."""

    step: str = Field(examples=["register"])
    state: Literal["waiting", "done", "failed"]
    at: Moment | None
    code: int | None = Field(description="The provider's code, where it failed.")
    detail: str | None = Field(description="Why it failed, and what to do.")


class OnboardingShape(Shown):
    """A number on its way to becoming a channel."""

    id: OnboardingId
    state: Literal["running", "failed", "done"]
    phone_number_id: str
    waba_id: str
    coexistence: bool
    channel_id: ChannelId | None
    steps: list[OnboardingStep]
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(cls, known: Onboarding) -> "OnboardingShape":
        return cls.model_validate(
            {
                "id": public("onb", known.id),
                "state": known.state,
                "phone_number_id": known.number_id,
                "waba_id": known.account_id,
                "coexistence": known.coexistence,
                "channel_id": public("chn", known.channel) if known.channel else None,
                "steps": [_step(known, step) for step in known.steps],
                "created_at": known.created_at,
                "updated_at": known.updated_at,
            }
        )


def _step(known: Onboarding, step: str) -> OnboardingStep:
    found = next((each for each in known.secrets.steps if each.step == step), None)
    return OnboardingStep(
        step=step,
        state="waiting" if found is None else "done" if found.done else "failed",
        at=found.at if found else None,
        code=found.code if found else None,
        detail=found.title if found else None,
    )
