"""Wire shapes of questions about contacts."""

from typing import Annotated

from pydantic import ConfigDict, Field, JsonValue, WithJsonSchema

from parley.core.errors import InvalidInput, fault
from parley.kit.rest.pages import DEFAULT_LIMIT, MAX_LIMIT, Cursor
from parley.kit.rest.shapes import Given
from parley.modules.contacts.domain import Identity
from parley.modules.contacts.marks import words_of
from parley.modules.contacts.query import EVERYBODY, Condition, NotAQuestion, read_condition
from parley.modules.contacts.schemas.contacts import Email, Number, UserId

_FILTER: JsonValue = {
    "all": [
        {"tag": "VIP"},
        {"field": "plan", "in": ["Gold", "Silver"]},
        {"not": {"marketing": "withdrawn"}},
        {"created": {"from": "2026-01-01T00:00:00Z"}},
    ]
}
_WORDS = """
A condition: `{"all": […]}`, `{"any": […]}`, `{"not": …}`, `{"tag": name or id}`, `{"field": key, "is": value}` (or
`"in": […]`, or `"exists": true`) of a searchable field, `{"language": "en"}`,
`{"marketing": "granted" | "withdrawn" | "unknown"}`, `{"created": {"from": …, "to": …}}`, `{"updated": …}`.
"""

Filter = Annotated[JsonValue, WithJsonSchema({"type": "object", "description": _WORDS.strip(), "examples": [_FILTER]})]


def condition_of(given: JsonValue, pointer: str) -> Condition:
    """Raises InvalidInput with every fault."""
    if given is None:
        return EVERYBODY
    try:
        return read_condition(given, pointer)
    except NotAQuestion as error:
        raise InvalidInput("This can't be asked.", error.faults) from error


class SearchRequest(Given):
    """Who is looked for. Everything given must hold; with nothing given, it is everybody."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"phone": "+15550001111"}, {"name": "ada lov", "filter": _FILTER, "limit": 50}]}
    )

    filter: Filter = None
    name: str | None = Field(
        None, max_length=256, description="Words of the name; three letters or more find what begins with them."
    )
    phone: Number | None = None
    user_id: UserId | None = None
    email: Email | None = None
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    after: Cursor | None = Field(None, description="The `next_cursor` of the page before.")

    def identity(self) -> Identity | None:
        """The one identity that is asked for. Raises InvalidInput when that is not all that is asked."""
        given: list[Identity] = [
            *([Identity("phone", self.phone)] if self.phone else ()),
            *([Identity("user_id", self.user_id)] if self.user_id else ()),
            *([Identity("email", self.email)] if self.email else ()),
        ]
        if not given:
            return None
        others = [*(each.kind for each in given[1:]), *[name for name in ("filter", "name") if getattr(self, name)]]
        if others:
            sentence = "An identity is one person's; ask for nothing else beside it."
            raise InvalidInput("This can't be asked.", [fault(f"/{each}", "not_allowed", sentence) for each in others])
        return given[0]

    def words(self) -> list[str]:
        """Raises InvalidInput for a name without a word in it."""
        words = words_of(self.name or "")
        if self.name is not None and not words:
            raise InvalidInput("This can't be asked.", [fault("/name", "no_word", "Give a word of the name.")])
        return words
