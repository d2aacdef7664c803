"""Wire shapes of imports."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue, StringConstraints, WithJsonSchema

from parley.core.ids import public
from parley.kit.rest import ids
from parley.kit.rest.shapes import Given, Moment, Shown
from parley.modules.contacts.editing import MAX_TAGS_OF_CONTACT
from parley.modules.contacts.schemas.tags import TagWord
from parley.modules.contacts.service.imports import Import
from parley.modules.contacts.sheets import MAX_COLUMNS

_START: JsonValue = {"mapping": {"Mobile": "phone", "Full name": "name", "City": "field.city"}, "tags": ["Newsletter"]}
Meaning = Annotated[str, StringConstraints(max_length=127)]


class ImportStart(Given):
    """What the columns mean: phone, user_id, email, name, language, tags, or `field.` and a field's key."""

    model_config = ConfigDict(json_schema_extra={"examples": [_START]})

    mapping: dict[str, Meaning] = Field(
        max_length=MAX_COLUMNS, description="By the column's name; one that is left out is not taken."
    )
    tags: list[TagWord] = Field(
        default=[], max_length=MAX_TAGS_OF_CONTACT, description="For every contact of the file."
    )


class ImportShape(Shown):
    """A file of contacts, and how far it is taken in."""

    model_config = ConfigDict(frozen=True, title="ContactImport")

    id: Annotated[str, WithJsonSchema(ids.schema_of(ids.IMPORT))]
    state: Literal["uploaded", "running", "done", "failed"]
    filename: str | None
    encoding: str = Field(examples=["utf-8-sig"])
    separator: str = Field(examples=[";"])
    columns: list[str]
    preview: list[list[str]] = Field(description="The first rows.")
    suggested_mapping: dict[str, str] = Field(description="What the columns seem to mean.")
    mapping: dict[str, str] = Field(description="What they were said to mean when it was started.")
    rows_done: int
    created: int
    updated: int
    failed: int = Field(description="Rows that were not taken; GET …/errors gives them with the reasons.")
    created_at: Moment
    started_at: Moment | None
    finished_at: Moment | None
    expires_at: Moment = Field(description="When the file and its errors are deleted.")

    @classmethod
    def of(cls, known: Import) -> "ImportShape":
        row, about = known.row, known.about
        return cls.model_validate(
            {
                "id": public("imp", row.id),
                "state": row.state,
                "filename": about.filename,
                "encoding": about.dialect.encoding,
                "separator": about.dialect.separator,
                "columns": list(about.columns),
                "preview": [list(each) for each in about.preview],
                "suggested_mapping": about.suggested,
                "mapping": about.mapping,
                "rows_done": row.rows_done,
                "created": row.created,
                "updated": row.updated,
                "failed": row.failed,
                "created_at": row.created_at,
                "started_at": row.started_at,
                "finished_at": row.finished_at,
                "expires_at": row.expires_at,
            }
        )
