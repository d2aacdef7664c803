"""Wire shapes of segments."""

from typing import Annotated

from pydantic import ConfigDict, Field, JsonValue, StringConstraints, WithJsonSchema

from parley.core.ids import public
from parley.kit.rest import ids
from parley.kit.rest.shapes import Given, Moment, Shown
from parley.modules.contacts.schemas.search import Filter
from parley.modules.contacts.service.segments import Segment

_EXAMPLE: JsonValue = {"name": "Loyal", "filter": {"all": [{"tag": "VIP"}, {"not": {"marketing": "withdrawn"}}]}}
SegmentName = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]


class NewSegment(Given):
    """A question about contacts, to be kept under a name."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    name: SegmentName
    filter: Filter


class SegmentChange(Given):
    """What to set; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Very loyal"}]})

    name: SegmentName | None = None
    filter: Filter = None


class SegmentShape(Shown):
    """A question that is kept; who answers to it is found out each time."""

    id: Annotated[str, WithJsonSchema(ids.schema_of(ids.SEGMENT))]
    name: str
    filter: JsonValue
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(cls, segment: Segment) -> "SegmentShape":
        return cls.model_validate(
            {
                "id": public("seg", segment.id),
                "name": segment.name,
                "filter": segment.question,
                "created_at": segment.created_at,
                "updated_at": segment.updated_at,
            }
        )


class SegmentCount(Shown):
    """How many contacts answer to it now."""

    count: int = Field(examples=[1203])
