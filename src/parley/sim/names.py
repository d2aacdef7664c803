"""Ids as Meta shapes them: `wamid.` and `wacid.` with the person's number inside, decimal object ids, user ids."""

import base64
import binascii
import hashlib
from itertools import count

from parley.core import ids

_TO_PERSON, _TO_BUSINESS = b"\x11", b"\x12"
_boot = ids.random_bytes(5).hex().upper()
_serial = count(1)
_HEAD = 3  # bytes before the number: two marks and its length


def new_wamid(number: str, *, to_business: bool = False) -> str:
    """A fresh message id. The number of the person is inside, as it is in Meta's: treat it as personal data."""
    return "wamid." + _packed(number, _TO_BUSINESS if to_business else _TO_PERSON)


def new_wacid(number: str) -> str:
    """A fresh call id."""
    return "wacid." + _packed(number, _TO_PERSON)


def person_of(wamid: str) -> str | None:
    """The number inside a message id; None when it is not one of ours."""
    try:
        packed = base64.b64decode(wamid.removeprefix("wamid."), validate=True)
        return packed[_HEAD : _HEAD + packed[_HEAD - 1]].decode("ascii")
    except (binascii.Error, ValueError, IndexError):
        return None


def new_object_id() -> str:
    """A fresh decimal id, as media, templates and numbers have."""
    return str(10**15 + int.from_bytes(ids.random_bytes(6)) % (9 * 10**15))


def user_id_of(number: str) -> str:
    """The business-scoped user id of a number: opaque, and the same after a restart of the simulator."""
    digest = hashlib.sha256(f"user {number}".encode()).digest()
    return f"US.{int.from_bytes(digest[:8])}"


def _packed(number: str, direction: bytes) -> str:
    serial = f"{_boot}{next(_serial):010X}".encode("ascii")
    digits = number.encode("ascii", "replace")
    return base64.b64encode(
        b"\x1c\x18" + bytes((len(digits),)) + digits + b"\x15\x02\x00" + direction + b"\x18\x14" + serial + b"\x00"
    ).decode("ascii")
