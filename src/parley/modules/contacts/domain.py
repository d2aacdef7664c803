"""People a business talks to: who they are and how they are recognised. Pure."""

from collections.abc import Iterable
from typing import Literal, TypeAlias

import msgspec

from parley.core.ids import ContactId, TagId, WorkspaceId
from parley.core.phones import canonical

IdentityKind = Literal["phone", "user_id", "parent_user_id", "username", "email", "group"]
FieldValue: TypeAlias = str | int | float | bool
"""What a contact's field may hold; dates, moments, choices and addresses are text of a fixed spelling."""

MAX_NAME = 256


class Identity(msgspec.Struct, frozen=True):
    """One name of a person: an E.164 number, a business-scoped user id, a username, an e-mail address, a group id."""

    kind: IdentityKind
    value: str


class Profile(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of a person; kept sealed under their own key."""

    name: str | None = None
    language: str | None = None
    identities: tuple[Identity, ...] = ()
    fields: dict[str, FieldValue] = {}
    tags: tuple[TagId, ...] = ()
    """In the order they were given; one whose tag was deleted since means nothing any more."""

    def identity(self, kind: IdentityKind) -> str | None:
        """The newest identity of a kind."""
        return next((each.value for each in reversed(self.identities) if each.kind == kind), None)


class Sighting(msgspec.Struct, frozen=True):
    """A person as met in one workspace: identities seen together, and the name shown."""

    workspace: WorkspaceId
    identities: tuple[Identity, ...]
    name: str | None = None


def key_form(identity: Identity) -> str:
    """The spelling under which an identity is looked up: numbers in their canonical form, others without case."""
    match identity.kind:
        case "phone":
            return canonical(identity.value)
        case "username":
            return identity.value.lstrip("@").casefold()
        case "email":
            return identity.value.casefold()
    return identity.value


def recognisable(identities: Iterable[Identity]) -> tuple[Identity, ...]:
    """The identities that tell who someone is: a username only when there is nothing better, for it changes hands."""
    firm = tuple(each for each in identities if each.kind != "username")
    return firm or tuple(identities)


def updated(profile: Profile, name: str | None, identities: Iterable[Identity]) -> Profile:
    """The profile after a sighting: new identities last, a shown name replaces none or an earlier shown one."""
    fresh = tuple(each for each in identities if each not in profile.identities)
    same_kind = {each.kind for each in fresh if each.kind in ("username", "user_id")}
    kept = tuple(each for each in profile.identities if each.kind not in same_kind)
    new_name = name[:MAX_NAME] if name else profile.name
    if not fresh and new_name == profile.name:
        return profile
    return msgspec.structs.replace(profile, name=new_name, identities=kept + fresh)


def merged(winner: Profile, loser: Profile) -> Profile:
    """One profile of two contacts that are one person; the winner's own words win."""
    extra = tuple(each for each in loser.identities if each not in winner.identities)
    return Profile(
        name=winner.name or loser.name,
        language=winner.language or loser.language,
        identities=extra + winner.identities,
        fields={**loser.fields, **winner.fields},
        tags=winner.tags + tuple(each for each in loser.tags if each not in winner.tags),
    )


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """A contact as read: the profile opened."""

    id: ContactId
    workspace: WorkspaceId
    kind: str
    profile: Profile
    created_at: str
    updated_at: str
    opted_out_since: str | None = None
    allowed_since: str | None = None
