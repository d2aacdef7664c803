"""Rules of flows outside the engine."""

import re
from hashlib import blake2b
from typing import Final
from uuid import UUID

_NOT_SLUG = re.compile(r"[^a-z0-9_]+")


def slug_of(definition_id: str) -> str:
    """How a flow is kept by its definition's own id: the same id is the same flow."""
    return "f_" + _NOT_SLUG.sub("_", definition_id.casefold())[:100]


EVERYBODY: Final = 100
"""Percent."""


def is_tried_on(contact: UUID, flow: UUID, version: int, percent: int) -> bool:
    """Whether a contact is among those that a version on trial answers.

    Always the same for the same contact and version, and who is in at a percentage is in at every higher one. Each
    version draws anew, so that it is not always the same people who meet what is new.
    """
    drawn = blake2b(contact.bytes + flow.bytes + version.to_bytes(4), digest_size=8).digest()
    return int.from_bytes(drawn) % EVERYBODY < percent
