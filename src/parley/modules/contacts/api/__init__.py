"""The routes of contacts."""

from parley.modules.contacts.api import consents, contacts, fields, identities, search, tags

ROUTERS = (search.router, contacts.router, identities.router, consents.router, tags.router, fields.router)
"""Fixed addresses come before those that an id completes."""
