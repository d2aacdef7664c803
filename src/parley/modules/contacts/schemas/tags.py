"""Wire shapes of tags."""

from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints

from parley.core.ids import public
from parley.kit.rest.shapes import Given, Moment, Shown, TagId
from parley.modules.contacts.editing import MAX_TAG, MAX_TAGS_OF_CONTACT
from parley.modules.contacts.service.tags import Tag

TagName = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TAG, strip_whitespace=True)]
TagWord = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_TAG, strip_whitespace=True),
    Field(description="A tag's name, or its id. A name that nobody used yet becomes a tag.", examples=["VIP"]),
]


class NewTag(Given):
    """A word that contacts are gathered under."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "VIP"}]})

    name: TagName


class Tagging(Given):
    """Tags to give to a contact."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"tags": ["VIP", "Berlin"]}]})

    tags: list[TagWord] = Field(min_length=1, max_length=MAX_TAGS_OF_CONTACT)


class TagShape(Shown):
    """A tag. Names that differ in case and punctuation only are the same."""

    id: TagId
    name: str
    created_at: Moment

    @classmethod
    def of(cls, tag: Tag) -> "TagShape":
        return cls(id=public("tag", tag.id), name=tag.name, created_at=tag.created_at)
