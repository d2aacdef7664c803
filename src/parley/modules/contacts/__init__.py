"""Contacts: people, their identities, profiles, fields, tags and merges."""

from parley.modules.contacts.domain import Contact, FieldValue, Identity, IdentityKind, Profile, Sighting
from parley.modules.contacts.editing import KEEP, Edit, Edited
from parley.modules.contacts.query import FieldAmong
from parley.modules.contacts.service.edit import edit_contact, edit_contacts, find_or_create, survivor_of
from parley.modules.contacts.service.export import Exporter
from parley.modules.contacts.service.imports import ImportDesk
from parley.modules.contacts.service.merge import finish_merge, merge_contacts, merged_among
from parley.modules.contacts.service.read import get_contact, list_contacts, profiles_of
from parley.modules.contacts.service.recognise import Directory, Known
from parley.modules.contacts.service.search import Search, contact_of, search_contacts
from parley.modules.contacts.service.tags import names_of_tags
from parley.modules.contacts.service.take_in import ImportWorker
from parley.modules.contacts.service.warm_up import warm_up
from parley.modules.contacts.store.contacts import parts_of

__all__ = [
    "KEEP",
    "Contact",
    "Directory",
    "Edit",
    "Edited",
    "Exporter",
    "FieldAmong",
    "FieldValue",
    "Identity",
    "IdentityKind",
    "ImportDesk",
    "ImportWorker",
    "Known",
    "Profile",
    "Search",
    "Sighting",
    "contact_of",
    "edit_contact",
    "edit_contacts",
    "find_or_create",
    "finish_merge",
    "get_contact",
    "list_contacts",
    "merge_contacts",
    "merged_among",
    "names_of_tags",
    "parts_of",
    "profiles_of",
    "search_contacts",
    "survivor_of",
    "warm_up",
]
