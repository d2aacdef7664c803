"""The public catalogue of facts: their types, what each says, and since which version. Pure."""

import inspect
from functools import cache
from typing import Final

from parley.core.events import recorded_kinds

VERSION: Final = 1
"""Of every type's schema. A member more is no new version; one less or another meaning is."""

ANNOUNCED: Final = {
    "conversation.closed": "A conversation was closed.",
    "conversation.assigned": "A conversation was given to a person or a team.",
    "ticket.opened": "A ticket was opened.",
    "ticket.closed": "A ticket was closed.",
}
"""Types that endpoints may ask for already; they happen once their part of Parley is there."""


@cache
def sentences() -> dict[str, str]:
    """What each type says, by type."""
    told = {kind: " ".join(inspect.cleandoc(each.__doc__ or "").split()) for kind, each in recorded_kinds().items()}
    return dict(sorted({**ANNOUNCED, **told}.items()))
