"""Wire shapes of the floor."""

from pydantic import AwareDatetime, ConfigDict, Field

from parley.kit.rest.shapes import Given
from parley.modules.conversations.domain import PERSON_HOLDS, Floor


class FloorGiven(Given):
    """Who is to speak from now on."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"holder": "person"}, {"holder": "bot"}]}
    )

    holder: Floor
    expires_at: AwareDatetime | None = Field(
        None,
        description=f"When the bot speaks again. Left out: a person has the floor for {PERSON_HOLDS.days} days, nobody "
        "until it is given back.",
        examples=["2026-12-24T18:00:00Z"],
    )
