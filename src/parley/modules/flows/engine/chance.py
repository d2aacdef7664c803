"""Chance as a pure function: the same seed and key draw the same number, so a replay draws what the run drew."""

from hashlib import blake2b

_BYTES = 7


def draw(*key: str | int) -> float:
    """A number from 0 up to, not including, 1; evenly spread over keys, and the same for the same key for ever."""
    spelled = "\x00".join(map(str, key)).encode("utf-8", "replace")
    return int.from_bytes(blake2b(spelled, digest_size=_BYTES).digest()) / (1 << 8 * _BYTES)
