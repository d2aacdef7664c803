"""Identifiers: UUIDv7 inside, a prefixed text (`msg_` + 32 hex digits) outside. And the one source of chance."""

import os
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import NewType
from uuid import UUID, SafeUUID

from parley.core import time

WorkspaceId = NewType("WorkspaceId", UUID)
UserId = NewType("UserId", UUID)
KeyId = NewType("KeyId", UUID)
ContactId = NewType("ContactId", UUID)
ChannelId = NewType("ChannelId", UUID)
ConversationId = NewType("ConversationId", UUID)
MessageId = NewType("MessageId", UUID)
MediaId = NewType("MediaId", UUID)
TemplateId = NewType("TemplateId", UUID)
TagId = NewType("TagId", UUID)
FieldId = NewType("FieldId", UUID)
FlowId = NewType("FlowId", UUID)
EventId = NewType("EventId", UUID)

UUID_DIGITS = 32

_new, _set, _UNKNOWN = UUID.__new__, object.__setattr__, SafeUUID.unknown
_random_bytes: Callable[[int], bytes] = os.urandom
chance = random.Random()


def use_entropy(source: Callable[[int], bytes] | None, seed: int | None = None) -> None:
    """Replace the source of ids and chance (the frozen universe of tests); None restores the system's."""
    global _random_bytes, _noise, _last
    _random_bytes = source or os.urandom
    _noise, _last = iter(()), 0
    chance.seed(seed)


_last = 0
_noise: Iterator[int] = iter(())
_NOISE_BYTES = 4096
"""Drawn at once: a system call an id costs more than the id."""


def new_uuid() -> UUID:
    """A fresh UUIDv7: 48 bits of milliseconds, then a counter that makes each greater than the one before, then chance.

    Strictly ascending within a process, so what one process queues in order stays in order.
    """
    global _last, _noise
    stamp = int(time.unix_seconds() * 1000) << 12
    _last = stamp if stamp > _last else _last + 1
    value = (_last >> 12) << 80 | 0x7000 << 64 | (_last & 0xFFF) << 64 | 0x8000 << 48
    noise = next(_noise, None)
    if noise is None:
        drawn = _random_bytes(_NOISE_BYTES)
        _noise = iter([int.from_bytes(drawn[at : at + 8]) >> 2 for at in range(0, _NOISE_BYTES, 8)])
        noise = next(_noise)
    return _uuid(value | noise)


def _uuid(value: int) -> UUID:
    """A UUID without the checks of its constructor, which cost more than everything else here."""
    made = _new(UUID)
    _set(made, "int", value)
    _set(made, "is_safe", _UNKNOWN)
    return made


def moment_of(made: UUID) -> datetime:
    """When an id of ours was made, to the millisecond."""
    return datetime.fromtimestamp((made.int >> 80) / 1000, UTC)


def random_bytes(count: int) -> bytes:
    """Bytes fit for keys and nonces."""
    return _random_bytes(count)


def public(prefix: str, value: UUID) -> str:
    """The outside spelling of an id: `public("msg", id)` is `msg_…`."""
    return f"{prefix}_{value.hex}"


def parse_public(prefix: str, text: str) -> UUID | None:
    """The id inside a public spelling, or None when it is not one of that prefix."""
    head, _, digits = text.partition("_")
    if head != prefix or len(digits) != UUID_DIGITS:
        return None
    try:
        return UUID(hex=digits)
    except ValueError:
        return None
