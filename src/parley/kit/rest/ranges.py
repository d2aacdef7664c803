"""The part of a file that a `Range` header asks for (RFC 9110, 14.2). Pure."""

import re

_ONE = re.compile(r"bytes=(?:(?P<first>\d{1,15})-(?P<last>\d{0,15})|-(?P<final>\d{1,15}))\Z")


def read_range(header: str | None, size: int) -> range | None:
    """The bytes asked for; empty when the file has none of them; None: all of it.

    Several ranges, and what is no range, are answered with the whole file, as the RFC allows.
    """
    found = _ONE.match(header.strip()) if header else None
    if found is None:
        return None
    if found["final"] is not None:
        return range(max(0, size - int(found["final"])), size)
    first = int(found["first"])
    last = int(found["last"]) if found["last"] else size - 1
    if found["last"] and last < first:
        return None
    return range(min(first, size), min(last + 1, size))
