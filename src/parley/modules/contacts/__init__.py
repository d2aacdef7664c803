"""Contacts: people, their identities, profiles and merges."""

from parley.modules.contacts.domain import Contact, Identity, IdentityKind, Profile, Sighting
from parley.modules.contacts.service.edit import Change, change_contact, find_or_create
from parley.modules.contacts.service.merge import finish_merge, merge_contacts, merged_among
from parley.modules.contacts.service.read import get_contact, list_contacts, profiles_of
from parley.modules.contacts.service.recognise import Directory, Known

__all__ = [
    "Change",
    "Contact",
    "Directory",
    "Identity",
    "IdentityKind",
    "Known",
    "Profile",
    "Sighting",
    "change_contact",
    "find_or_create",
    "finish_merge",
    "get_contact",
    "list_contacts",
    "merge_contacts",
    "merged_among",
    "profiles_of",
]
