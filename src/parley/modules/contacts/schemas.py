"""Wire shapes of contacts."""

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, JsonValue, WithJsonSchema
from pydantic_core import PydanticCustomError

from parley.core.errors import InvalidInput, fault
from parley.core.ids import public
from parley.core.phones import normalise
from parley.kit.rest.shapes import ContactId, Given, MessageId, Moment, Shown
from parley.modules.contacts.domain import Contact, FieldValue, Identity, IdentityKind
from parley.modules.privacy import ConsentEntry, ConsentState

_NUMBER = "+15550001111"
_CREATE: JsonValue = {"phone": _NUMBER, "name": "Ada Lovelace", "language": "en", "fields": {"city": "London"}}
_CHANGE: JsonValue = {"name": "Ada Lovelace", "fields": {"city": "London", "old": None}}


def _number(text: str) -> str:
    number = normalise(text)
    if number is None:
        raise PydanticCustomError("bad_number", "Write the phone like +15550001111.")
    return number


Number = Annotated[str, AfterValidator(_number)]
Language = Annotated[str | None, Field(pattern=r"^[a-zA-Z]{2,3}([-_][a-zA-Z0-9]{2,8})*$", max_length=35)]
GivenValue = Annotated[JsonValue, WithJsonSchema({"type": ["string", "number", "boolean", "null"]})]
"""A field's value; what it may be is the field's to say."""
Name = Annotated[str | None, Field(min_length=1)]


class NewContact(Given):
    """Somebody to be known: by number, by business-scoped user id, or by both."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CREATE]})

    phone: Number | None = Field(None, description="E.164; spaces and dashes don't matter.")
    user_id: str | None = Field(None, min_length=4, max_length=160, description="A business-scoped user id.")
    name: Name = None
    language: Language = None
    fields: dict[str, GivenValue] = Field(default={}, description="Your own fields; GET /v1/contact-fields tells them.")

    def identities(self) -> tuple[Identity, ...]:
        """Who it is. Raises InvalidInput when nothing says so."""
        given = (Identity("phone", self.phone or ""), Identity("user_id", self.user_id or ""))
        known = tuple(each for each in given if each.value)
        if not known:
            sentence = "Give a phone or a user_id."
            raise InvalidInput("A contact must be somebody.", [fault("/phone", "missing", sentence)])
        return known


class ContactChange(Given):
    """What to set; what is left out stays, null clears."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CHANGE]})

    name: Name = None
    language: Language = None
    fields: dict[str, GivenValue] = {}


class IdentityShape(Shown):
    """One name that a provider has for a person."""

    kind: IdentityKind
    value: str


class ContactShape(Shown):
    """A person (or group) that the business talks to."""

    id: ContactId
    kind: str = Field(examples=["person"])
    name: str | None
    language: str | None
    phone: str | None = Field(description="The newest number.", examples=[_NUMBER])
    user_id: str | None
    username: str | None
    identities: list[IdentityShape] = Field(description="All that is known, the newest last.")
    fields: dict[str, FieldValue]
    opted_out_at: str | None = Field(
        description="Since when this person wants no marketing; null: they never said so, or said otherwise since."
    )
    created_at: str
    updated_at: str

    @classmethod
    def of(cls, contact: Contact) -> "ContactShape":
        profile = contact.profile
        return cls(
            id=public("con", contact.id),
            kind=contact.kind,
            name=profile.name,
            language=profile.language,
            phone=profile.identity("phone"),
            user_id=profile.identity("user_id"),
            username=profile.identity("username"),
            identities=[IdentityShape(kind=each.kind, value=each.value) for each in profile.identities],
            fields=profile.fields,
            opted_out_at=contact.opted_out_since,
            created_at=contact.created_at,
            updated_at=contact.updated_at,
        )


class NewConsent(Given):
    """What a person said about marketing, told to the business by another way."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"state": "withdrawn"}]})

    state: ConsentState


class ConsentShape(Shown):
    """An entry of the consent ledger; entries are never changed."""

    purpose: str = Field(examples=["marketing"])
    state: str = Field(description="granted or withdrawn")
    method: str = Field(description="How it was said: keyword, provider, api, …")
    message_id: MessageId | None
    occurred_at: Moment
    recorded_at: Moment

    @classmethod
    def of(cls, entry: ConsentEntry) -> "ConsentShape":
        return cls(
            purpose=entry.purpose,
            state=entry.state,
            method=entry.method,
            message_id=public("msg", entry.message) if entry.message else None,
            occurred_at=entry.occurred_at,
            recorded_at=entry.recorded_at,
        )
