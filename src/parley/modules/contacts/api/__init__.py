"""The routes of contacts."""

from parley.modules.contacts.api import (
    bulk,
    consents,
    contacts,
    export,
    fields,
    identities,
    imports,
    search,
    segments,
    tags,
)

ROUTERS = (
    search.router,
    bulk.router,
    export.router,
    contacts.router,
    identities.router,
    consents.router,
    tags.router,
    fields.router,
    imports.streams,
    imports.router,
    segments.router,
    segments.members,
)
"""Fixed addresses come before those that an id completes."""
