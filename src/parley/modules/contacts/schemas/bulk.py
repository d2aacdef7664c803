"""Wire shapes of many contacts at once."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, JsonValue, ValidationError, WithJsonSchema

from parley.core.errors import Fault, InvalidInput
from parley.core.ids import public
from parley.kit.rest.faults import fault_of
from parley.kit.rest.shapes import ContactId, Given, Shown, is_none
from parley.modules.contacts.schemas.contacts import NewContact
from parley.modules.contacts.service.upsert import Upsert, Upserted

MAX_ROWS = 1_000
"""Contacts of one request: what one transaction does in a second or two. More come by an import."""

Row = Annotated[JsonValue, WithJsonSchema({"type": "object", "description": "As the body of `create_contact`."})]


class BulkRequest(Given):
    """Contacts to create or update, each by its identities."""

    model_config = ConfigDict(
        title="ContactBulk",
        json_schema_extra={"examples": [{"contacts": [{"phone": "+15550001111", "name": "Ada"}, {"phone": "?"}]}]},
    )

    contacts: list[Row] = Field(min_length=1, max_length=MAX_ROWS)


class FaultShape(Shown):
    """One thing wrong with a row; the pointer points into it."""

    model_config = ConfigDict(frozen=True, title="RowFault")

    pointer: str
    code: str
    detail: str


class BulkResult(Shown):
    """What became of one row."""

    model_config = ConfigDict(frozen=True, title="ContactBulkResult")

    index: int = Field(description="Which row, from 0.")
    status: Literal["created", "updated", "failed"]
    contact_id: ContactId | None
    errors: list[FaultShape] | None = Field(None, exclude_if=is_none, description="Why nothing was done.")


class BulkShape(Shown):
    """What became of all rows, in their order."""

    model_config = ConfigDict(frozen=True, title="ContactBulkResults")

    created: int
    updated: int
    failed: int
    data: list[BulkResult]

    @classmethod
    def of(cls, outcomes: list[Upserted]) -> "BulkShape":
        rows = [_result(place, each) for place, each in enumerate(outcomes)]
        counts = {status: sum(each.status == status for each in rows) for status in ("created", "updated", "failed")}
        return cls(data=rows, **counts)


def read_row(given: JsonValue) -> Upsert | tuple[Fault, ...]:
    """Who is meant and what is to be set, or all that is wrong with the row."""
    try:
        return NewContact.model_validate(given).upsert()
    except ValidationError as error:
        return tuple(fault_of({**each}) for each in error.errors())
    except InvalidInput as error:
        return error.faults


def _result(place: int, outcome: Upserted) -> BulkResult:
    if outcome.faults or outcome.contact is None:
        told = [FaultShape(pointer=each.pointer, code=each.code, detail=each.detail) for each in outcome.faults]
        return BulkResult(index=place, status="failed", contact_id=None, errors=told)
    status: Literal["created", "updated"] = "created" if outcome.created else "updated"
    return BulkResult(index=place, status=status, contact_id=public("con", outcome.contact), errors=None)
