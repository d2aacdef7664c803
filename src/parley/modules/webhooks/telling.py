"""A fact with everything that it names, for who tells it in a provider's own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from parley.core.json import JsonObject
from parley.modules.channels import Channel, Notice
from parley.modules.contacts import Profile
from parley.modules.conversations import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A fact to be told as its provider told it."""

    kind: str
    at: datetime
    channel: Channel
    message: Message | None = None
    profile: Profile | None = None
    notice: Notice | None = None
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    """What the listening program calls messages, by the provider's ids, where it was given another."""


class Dialect(Protocol):
    """Tells facts in a provider's own webhook shape, one document for all; None for what it has no word for. Pure."""

    def __call__(self, tellings: Sequence[Telling]) -> JsonObject | None: ...
