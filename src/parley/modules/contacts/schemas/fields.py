"""Wire shapes of custom fields."""

from typing import Annotated

from pydantic import ConfigDict, Field, JsonValue, StringConstraints

from parley.kit.rest.shapes import Given, Moment, Shown
from parley.modules.contacts.fields import MAX_OPTIONS, FieldAbout, FieldDefinition, FieldKind

_EXAMPLE: JsonValue = {
    "key": "plan",
    "label": "Plan",
    "type": "choice",
    "options": ["Free", "Gold"],
    "personal": False,
    "searchable": True,
}

KEY = r"^[a-z][a-z0-9_]{0,63}$"
Option = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class NewFieldShape(Given):
    """A field to keep of every contact. Its key and type stay as they are."""

    model_config = ConfigDict(title="NewContactField", json_schema_extra={"examples": [_EXAMPLE]})

    key: str = Field(pattern=KEY, description="What contacts' `fields` and flows call it.")
    type: FieldKind
    label: Label | None = Field(None, description="What people call it; the key where nothing is given.")
    options: list[Option] = Field(default=[], max_length=MAX_OPTIONS, description="What a choice may be.")
    personal: bool = Field(default=True, description="It tells of the person, so that not every role may see it.")
    searchable: bool = Field(
        default=False, description="Contacts are found by it, for which a keyed hash of it is kept."
    )

    def about(self) -> FieldAbout:
        return FieldAbout(self.label or self.key, tuple(self.options))


class FieldChangeShape(Given):
    """What to set of a definition; what is left out stays."""

    model_config = ConfigDict(title="ContactFieldChange", json_schema_extra={"examples": [{"label": "Tariff"}]})

    label: Label | None = None
    options: list[Option] | None = Field(None, max_length=MAX_OPTIONS)
    personal: bool | None = None
    searchable: bool | None = None


class FieldShape(Shown):
    """A field that the workspace keeps of its contacts."""

    model_config = ConfigDict(frozen=True, title="ContactField")

    key: str = Field(examples=["plan"])
    type: FieldKind
    label: str
    options: list[str]
    personal: bool
    searchable: bool
    indexing: bool = Field(description="Contacts are still being made findable; searches may miss some.")
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(cls, field: FieldDefinition, *, indexing: bool) -> "FieldShape":
        return cls(
            key=field.key,
            type=field.kind,
            label=field.about.label,
            options=list(field.about.options),
            personal=field.personal,
            searchable=field.searchable,
            indexing=indexing and field.searchable,
            created_at=field.created_at,
            updated_at=field.updated_at,
        )


class FieldList(Shown):
    """All fields; there are two hundred at most."""

    model_config = ConfigDict(frozen=True, title="ContactFieldList")

    data: list[FieldShape]
    next_cursor: None = None
