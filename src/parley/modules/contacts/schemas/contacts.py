"""Wire shapes of contacts and of what they consented to."""

from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from pydantic import AfterValidator, ConfigDict, Field, JsonValue, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from parley.core.errors import InvalidInput, fault
from parley.core.ids import public
from parley.core.phones import normalise
from parley.kit.rest.shapes import ContactId, Given, MessageId, Moment, Shown, TagId
from parley.modules.contacts.domain import Contact, FieldValue, Identity, IdentityKind
from parley.modules.contacts.editing import MAX_TAGS_OF_CONTACT
from parley.modules.contacts.fields import EMAIL
from parley.modules.contacts.schemas.tags import TagWord
from parley.modules.contacts.service.upsert import Upsert
from parley.modules.privacy import ConsentEntry, ConsentState

_NUMBER = "+15550001111"
_CREATE: JsonValue = {"phone": _NUMBER, "name": "Ada Lovelace", "language": "en", "fields": {"city": "London"}}
_CHANGE: JsonValue = {"name": "Ada Lovelace", "fields": {"city": "London", "old": None}}


def _number(text: str) -> str:
    number = normalise(text)
    if number is None:
        raise PydanticCustomError("bad_number", "Write the phone like +15550001111.")
    return number


def _email(text: str) -> str:
    address = text.strip().casefold()
    if not EMAIL.match(address):
        raise PydanticCustomError("bad_email", "Write the address like ada@example.org.")
    return address


Number = Annotated[str, AfterValidator(_number)]
Email = Annotated[str, AfterValidator(_email)]
UserId = Annotated[str, StringConstraints(min_length=4, max_length=160)]
Language = Annotated[str | None, Field(pattern=r"^[a-zA-Z]{2,3}([-_][a-zA-Z0-9]{2,8})*$", max_length=35)]
GivenValue = Annotated[JsonValue, WithJsonSchema({"type": ["string", "number", "boolean", "null"]})]
"""A field's value; what it may be is the field's to say."""
Name = Annotated[str | None, Field(min_length=1)]


NOBODY = fault("/phone", "missing", "Give a phone, a user_id or an email.")


class NewContact(Given):
    """Somebody to be known: by number, business-scoped user id or e-mail address, by one or several of them."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CREATE]})

    phone: Number | None = Field(None, description="E.164; spaces and dashes don't matter.")
    user_id: UserId | None = Field(None, description="A business-scoped user id.")
    email: Email | None = None
    name: Name = None
    language: Language = None
    fields: dict[str, GivenValue] = Field(default={}, description="Your own fields; GET /v1/contact-fields tells them.")
    tags: list[TagWord] = Field(default=[], max_length=MAX_TAGS_OF_CONTACT, description="Added to those there are.")

    def upsert(self) -> Upsert:
        """Who it is, and what to set. Raises InvalidInput when nothing says who."""
        pairs = (("phone", self.phone), ("user_id", self.user_id), ("email", self.email))
        known = tuple(msgspec.convert({"kind": kind, "value": value}, Identity) for kind, value in pairs if value)
        if not known:
            raise InvalidInput("A contact must be somebody.", [NOBODY])
        return Upsert(
            identities=known, name=self.name, language=self.language, fields=self.fields, tags=tuple(self.tags)
        )


class ContactChange(Given):
    """What to set; what is left out stays, null clears."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CHANGE]})

    name: Name = None
    language: Language = None
    fields: dict[str, GivenValue] = {}


class GivenIdentity(Given):
    """One identity of a person. A provider's other kinds come by messages only."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "email", "value": "ada@example.org"}]})

    kind: Literal["phone", "user_id", "email"]
    value: str = Field(min_length=1, max_length=254)

    def identity(self) -> Identity:
        """In its one spelling. Raises InvalidInput."""
        value: str | None = self.value
        example = "US.13491208655302741918"
        if self.kind == "phone":
            value, example = normalise(self.value), "+15550001111"
        elif self.kind == "email":
            address = self.value.strip().casefold()
            value, example = (address if EMAIL.match(address) else None), "ada@example.org"
        if value is None:
            raise InvalidInput("This is no identity.", [fault("/value", "bad_format", f"Write it like {example}.")])
        return Identity(self.kind, value)


class Merging(Given):
    """The contact that is the same person."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"other": "con_0198f3b2c6d07a51b0c3d1e2f3a4b5c6"}]})

    other: ContactId


class IdentityShape(Shown):
    """One name that a provider has for a person."""

    kind: IdentityKind
    value: str


class TagOfContact(Shown):
    """A tag that a contact has."""

    id: TagId
    name: str


class ContactShape(Shown):
    """A person (or group) that the business talks to."""

    id: ContactId
    kind: str = Field(examples=["person"])
    name: str | None
    language: str | None
    phone: str | None = Field(description="The newest number.", examples=[_NUMBER])
    user_id: str | None
    username: str | None
    email: str | None
    identities: list[IdentityShape] = Field(description="All that is known, the newest last.")
    fields: dict[str, FieldValue]
    tags: list[TagOfContact]
    opted_out_at: str | None = Field(
        description="Since when this person wants no marketing; null: they never said so, or said otherwise since."
    )
    opted_in_at: str | None = Field(
        description="Since when this person allows marketing, as the ledger says; null: it does not say so."
    )
    created_at: str
    updated_at: str

    @classmethod
    def of(cls, contact: Contact, tags: Mapping[UUID, str]) -> "ContactShape":
        """`tags` are the names of tags by id; one that is not there was deleted."""
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
            email=profile.identity("email"),
            fields=profile.fields,
            tags=[TagOfContact(id=public("tag", each), name=tags[each]) for each in profile.tags if each in tags],
            opted_in_at=contact.allowed_since,
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
