"""Rules of flows outside the engine."""

import re

_NOT_SLUG = re.compile(r"[^a-z0-9_]+")


def slug_of(definition_id: str) -> str:
    """How a flow is kept by its definition's own id: the same id is the same flow."""
    return "f_" + _NOT_SLUG.sub("_", definition_id.casefold())[:100]
