"""Contacts: another person of the workspace, found or changed."""

from collections.abc import Mapping

import msgspec

from parley.modules.flows.engine.effect import Answer, Effect


class FindContactEffect(Effect, frozen=True, kw_only=True, tag="find_contact"):
    """Who has this phone number, or this value in a field; one of the two is given."""

    phone: str | None = None
    field: str | None = None
    value: object = None


class FoundContact(msgspec.Struct, frozen=True, kw_only=True):
    """A person, as authors know them."""

    id: str
    name: str | None
    phone: str | None
    language: str | None
    fields: Mapping[str, object]


class ContactAnswer(Answer, frozen=True, kw_only=True, tag="find_contact"):
    """The newest contact that fits; None where none does."""

    contact: FoundContact | None


class UpdateContactEffect(Effect, frozen=True, kw_only=True, tag="update_contact"):
    """Changes of a contact; a field of None is taken away, what is not given stays."""

    contact: str
    name: str | None = None
    language: str | None = None
    fields: Mapping[str, object] = {}
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()

    @property
    def can_be_given_up(self) -> bool:
        return False


class ContactUpdated(Answer, frozen=True, kw_only=True, tag="update_contact"):
    """All of it was changed."""
