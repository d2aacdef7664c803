"""Changes of the API that would break a client, newest first: one file each, `changed_<what>.py`.

A change says since which version it holds, which operations it concerns, how to turn a request of the version before
into one of its own, and an answer of its own into one of the version before. See docs/how-to/versions.md.
"""

from parley.entrypoints.http.versions import Change

CHANGES: tuple[Change, ...] = ()
