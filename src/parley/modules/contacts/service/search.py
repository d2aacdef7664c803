"""Find contacts: by tags, fields, consent and time, by an identity, by the words of their name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from parley.core.errors import Fault, InvalidInput, fault
from parley.core.ids import ContactId, TagId, WorkspaceId, parse_public
from parley.kit.unit import Unit
from parley.modules.contacts.domain import Contact, Identity
from parley.modules.contacts.fields import FieldDefinition, Misfit, read_value
from parley.modules.contacts.marks import Mark, field_mark, language_mark, named, tag_mark, word_mark
from parley.modules.contacts.query import (
    EVERYBODY,
    Condition,
    Every,
    FieldAmong,
    Never,
    Some,
    Speaks,
    Tagged,
    conditions_in,
)
from parley.modules.contacts.service.define_fields import fields_of
from parley.modules.contacts.service.index import hashed
from parley.modules.contacts.service.read import opened
from parley.modules.contacts.service.recognise import Directory
from parley.modules.contacts.service.tags import find_tags
from parley.modules.contacts.store import contacts as store
from parley.modules.contacts.store import search
from parley.modules.contacts.store.search import AllOf, AnyOf, Marked, NoneOf, Wanted

MOST_OPENED = 1_000
"""Candidates by name that one request opens; then its page ends early, and the next goes on."""
BATCH = 100

NOBODY = AnyOf(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Who is looked for; all of it must hold."""

    condition: Condition = EVERYBODY
    words: Sequence[str] = ()
    """Of the name, as `words_of` gives them."""


async def search_contacts(
    unit: Unit, directory: Directory, wanted: Search, after: UUID | None, limit: int
) -> tuple[list[Contact], UUID | None]:
    """A page, newest first, and after whom the next begins. Raises InvalidInput for what can't be asked."""
    asked = await prepare(unit, directory, wanted.condition)
    own = await directory.people.scopes.scope(unit.workspace)
    asked = AllOf((asked, *[Marked((hashed(own.index, word_mark(each)),)) for each in wanted.words]))
    found: list[Contact] = []
    looked_at = 0
    while True:
        size = BATCH if wanted.words else limit + 1
        rows = await search.page(unit, asked, after, size)
        for contact in await opened(directory.people, rows):
            if len(found) == limit:
                return found, found[-1].id
            if named(contact.profile.name, wanted.words):
                found.append(contact)
        looked_at += len(rows)
        if len(rows) < size:
            return found, None
        after = rows[-1].id
        if looked_at >= MOST_OPENED:
            return found, after


async def count_contacts(unit: Unit, directory: Directory, condition: Condition) -> int:
    """How many. Raises InvalidInput for what can't be asked."""
    return await search.count(unit, await prepare(unit, directory, condition))


async def contact_of(unit: Unit, directory: Directory, identity: Identity) -> Contact | None:
    """Whose identity this is."""
    workspace = WorkspaceId(unit.workspace)
    lookup = await directory.lookup(workspace, identity)
    contact = (await directory.people.owners(workspace, [lookup])).get(lookup.index)
    row = await store.one(unit, contact) if contact else None
    if row is not None and row.merged_into is not None:
        row = await store.one(unit, ContactId(row.merged_into))
    return (await opened(directory.people, [row]))[0] if row else None


async def prepare(unit: Unit, directory: Directory, condition: Condition) -> Wanted:
    """The question in the terms of the store. Raises InvalidInput, with every fault."""
    keys = directory.people.scopes
    workspace = WorkspaceId(unit.workspace)
    inner = list(conditions_in(condition))
    fields: Mapping[str, FieldDefinition] = {}
    if any(isinstance(each, FieldAmong) for each in inner):
        fields = {each.key: each for each in await fields_of(unit, keys, [workspace])}
    names = [(workspace, each.tag) for each in inner if isinstance(each, Tagged)]
    tags = await find_tags(unit, keys, names) if names else {}
    secret = (await keys.scope(workspace)).index
    asking = _Asking(secret, fields, tags.get(workspace, {}))
    wanted = asking.wanted(condition)
    if asking.faults:
        raise InvalidInput("This can't be asked.", asking.faults)
    return wanted


class _Asking:
    def __init__(self, secret: bytes, fields: Mapping[str, FieldDefinition], tags: Mapping[str, TagId]) -> None:
        self.faults: list[Fault] = []
        self._secret = secret
        self._fields = fields
        self._tags = tags

    def wanted(self, condition: Condition) -> Wanted:
        match condition:
            case Every(of=inner):
                return AllOf(tuple(self.wanted(each) for each in inner))
            case Some(of=inner):
                return AnyOf(tuple(self.wanted(each) for each in inner))
            case Never(of=one):
                return NoneOf(self.wanted(one))
            case Tagged():
                return self._tagged(condition)
            case FieldAmong():
                return self._field(condition)
            case Speaks(language=language):
                return self._marked([language_mark(language)])
        return condition

    def _tagged(self, condition: Tagged) -> Wanted:
        tag = self._tags.get(condition.tag)
        if tag is not None:
            return self._marked([tag_mark(tag)])
        if parse_public("tag", condition.tag) is not None:
            self.faults.append(fault(condition.pointer, "unknown_tag", "There is no such tag in this workspace."))
        return NOBODY

    def _field(self, condition: FieldAmong) -> Wanted:
        field = self._fields.get(condition.key)
        if field is None or not field.searchable:
            sentence = f"Contacts are not found by {condition.key!r}: define the field, `searchable`."
            self.faults.append(fault(condition.pointer, "not_searchable", sentence))
            return NOBODY
        marks = [Mark("field", condition.key)] if not condition.values else []
        for given in condition.values:
            value = read_value(field, given)
            if isinstance(value, Misfit):
                self.faults.append(fault(condition.pointer, "wrong_value", value.sentence))
            else:
                marks.append(field_mark(condition.key, value))
        return self._marked(marks)

    def _marked(self, marks: Sequence[Mark]) -> Wanted:
        return Marked(tuple(hashed(self._secret, mark) for mark in marks))
