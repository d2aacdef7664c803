"""Changing what is known of a contact: one edit, what it makes of a profile, and what of it does not fit. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

import msgspec

from parley.core.errors import Fault, fault
from parley.core.ids import ContactId, TagId, WorkspaceId, public
from parley.core.json import JsonObject, JsonValue
from parley.modules.contacts.domain import MAX_NAME, FieldValue, Profile
from parley.modules.contacts.fields import FieldDefinition, Misfit, read_value

MAX_FIELD_NAME = 64
MAX_FIELDS = 200
"""Custom fields a contact may have; more belong in the business's own records."""
MAX_TAGS_OF_CONTACT = 100
"""Tags a contact may have; each is a row that it is found by."""
MAX_TAG = 64
"""Characters of a tag's name."""


class Keep(Enum):
    """For what an edit leaves as it is, where None clears."""

    KEEP = "keep"


KEEP = Keep.KEEP


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What to change of one contact. A field set to None is removed; a tag is named by its name or public id."""

    workspace: WorkspaceId
    contact: ContactId
    name: str | Keep | None = KEEP
    language: str | Keep | None = KEEP
    fields: Mapping[str, JsonValue] = field(default_factory=dict)
    add_tags: Sequence[str] = ()
    remove_tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Edited:
    """What became of an edit. With faults nothing of it was done; each points into the edit."""

    changed: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What edits may refer to in one workspace: its fields by key, its tags by the words that named them."""

    fields: Mapping[str, FieldDefinition]
    tags: Mapping[str, TagId]


def edited(profile: Profile, edit: Edit, known: Vocabulary) -> Profile | tuple[Fault, ...]:
    """The profile after the edit, or all that is wrong with the edit."""
    faults: list[Fault] = []
    if isinstance(edit.name, str) and not 0 < len(edit.name) <= MAX_NAME:
        faults.append(fault("/name", "length", f"A name has 1 to {MAX_NAME} characters; null clears it."))
    fields = _fields(profile, edit.fields, known.fields, faults)
    tags = _tags(profile, edit, known.tags, faults)
    if faults:
        return tuple(faults)
    return msgspec.structs.replace(
        profile,
        name=profile.name if isinstance(edit.name, Keep) else edit.name,
        language=profile.language if isinstance(edit.language, Keep) else edit.language,
        fields=fields,
        tags=tags,
    )


def _fields(
    profile: Profile, given: Mapping[str, JsonValue], known: Mapping[str, FieldDefinition], faults: list[Fault]
) -> dict[str, FieldValue]:
    fields = dict(profile.fields)
    for key, value in given.items():
        if not 0 < len(key) <= MAX_FIELD_NAME:
            faults.append(fault(f"/fields/{key}", "length", f"A field's name has 1 to {MAX_FIELD_NAME} characters."))
        elif value is None:
            fields.pop(key, None)
        else:
            read = read_value(known.get(key), value)
            if isinstance(read, Misfit):
                faults.append(fault(f"/fields/{key}", "wrong_value", read.sentence))
            else:
                fields[key] = read
    if len(fields) > MAX_FIELDS:
        faults.append(fault("/fields", "too_many", f"A contact has {MAX_FIELDS} fields at most."))
    return fields


def _tags(profile: Profile, edit: Edit, known: Mapping[str, TagId], faults: list[Fault]) -> tuple[TagId, ...]:
    tags = list(profile.tags)
    for place, word in enumerate(edit.add_tags):
        if word not in known:
            faults.append(fault(f"/tags/{place}", "unknown_tag", "There is no such tag in this workspace."))
        elif known[word] not in tags:
            tags.append(known[word])
    gone = {known[word] for word in edit.remove_tags if word in known}
    kept = tuple(each for each in tags if each not in gone)
    if len(kept) > MAX_TAGS_OF_CONTACT:
        faults.append(fault("/tags", "too_many", f"A contact has {MAX_TAGS_OF_CONTACT} tags at most."))
    return kept


def changes(before: Profile, after: Profile, defined: Collection[str] = ()) -> JsonObject:
    """What differs, by name and never by value: the detail of `contact.updated`. Empty when nothing does.

    Of fields only those `defined` are named: another's key might be anything, also somebody's name or number.
    """
    changed = [name for name in ("name", "language", "identities") if getattr(before, name) != getattr(after, name)]
    keys = {key for key in {*before.fields, *after.fields} if before.fields.get(key) != after.fields.get(key)}
    changed += sorted({f"fields.{key}" if key in defined else "fields" for key in keys})
    told: dict[str, JsonValue] = {}
    for word, tags in (("tags_added", _but(after.tags, before.tags)), ("tags_removed", _but(before.tags, after.tags))):
        if tags:
            told[word] = [public("tag", each) for each in tags]
    if told:
        changed.append("tags")
    return {"changed": changed, **told} if changed else {}


def _but(tags: Sequence[TagId], others: Collection[TagId]) -> list[TagId]:
    return [each for each in tags if each not in others]
