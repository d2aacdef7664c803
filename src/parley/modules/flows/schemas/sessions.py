"""Wire shapes of sessions."""

from typing import Annotated, Literal, Self

import msgspec
from pydantic import ConfigDict, Field, JsonValue, StringConstraints, model_validator

from parley.core.ids import public
from parley.kit.rest.shapes import ContactId, ConversationId, FlowId, Given, Moment, SessionId, Shown
from parley.modules.flows.engine import Replayed
from parley.modules.flows.store.sprints import SessionStands

Outcome = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
VariableName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")]
PublicId = Annotated[str, StringConstraints(pattern=r"^[a-z]{3}_[0-9a-f]{32}$")]


class SessionShape(Shown):
    """A conversation of a bot: from its start to its end, in one conversation."""

    id: SessionId
    flow_id: FlowId
    version: int
    conversation_id: ConversationId
    contact_id: ContactId
    state: Literal["waiting", "over"]
    waits_until: Moment | None = Field(description="When it goes on by itself, or ends.")
    began_at: Moment

    @classmethod
    def of(cls, found: SessionStands) -> Self:
        return cls(**_members(found))  # type: ignore[arg-type]  # by name


class StepShape(Shown):
    """What came, and what the bot did about it until it had to wait again."""

    number: int
    at: Moment
    came: dict[str, JsonValue] = Field(description="A trigger with its `reason`, or what woke the session.")
    events: list[dict[str, JsonValue]] = Field(description="What happened, in order; `type` names the kind.")
    told: list[str] = Field(description="The same, a line each for people.")


class SessionStory(SessionShape):
    """A session step by step."""

    steps: list[StepShape]

    @classmethod
    def told(cls, found: SessionStands, replayed: list[Replayed]) -> Self:
        steps = [_step(number, each) for number, each in enumerate(replayed, 1)]
        return cls(**_members(found), steps=steps)  # type: ignore[arg-type]  # by name


class StartRequest(Given):
    """Where a flow is to start: in a conversation, or with a contact."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"contact_id": "con_0198f3b2c6d07a51b0c3d1e2f3a4b5c6"}]},
    )

    conversation_id: PublicId | None = None
    contact_id: PublicId | None = None
    channel_id: PublicId | None = Field(None, description="By which channel; may be left out where there is one.")
    variables: dict[VariableName, JsonValue] = Field(default_factory=dict, max_length=50)
    version: int | None = Field(None, ge=1, description="Another version than the live one.")
    replace: bool = Field(default=False, description="End the session that waits in the conversation, if one does.")

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.conversation_id is None) == (self.contact_id is None):
            raise ValueError("Give either `conversation_id` or `contact_id`.")
        return self


class InterruptRequest(Given):
    """How the session is to end."""

    outcome: Outcome = Field("interrupted", description="What its end is counted as.", examples=["interrupted"])


class ResumeRequest(Given):
    """What the session is to hear."""

    text: str | None = Field(
        None, max_length=4096, description="As if the person wrote this. Left out: as if the time were up."
    )


def _members(found: SessionStands) -> dict[str, object]:
    return {
        "id": public("ses", found.id),
        "flow_id": public("flw", found.flow),
        "version": found.flow_version,
        "conversation_id": public("cnv", found.conversation),
        "contact_id": public("con", found.contact),
        "state": "waiting" if found.waiting else "over",
        "waits_until": found.waits_until,
        "began_at": found.began_at,
    }


def _step(number: int, replayed: Replayed) -> StepShape:
    recorded, events = replayed.recorded, replayed.sprint.events
    return StepShape(
        number=number,
        at=recorded.readings.now,
        came=msgspec.to_builtins(recorded.trigger or recorded.resume),
        events=msgspec.to_builtins(events),
        told=[told for each in events if (told := each.told()) is not None],
    )
