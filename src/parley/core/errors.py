"""What can go wrong, as a vocabulary: each error carries what the caller must decide.

ParleyError
├── InvalidInput        the request is wrong; every fault with its JSON Pointer
├── Unauthorized        no or unknown credentials
├── Forbidden           known, but not allowed
├── NotFound            no such thing here (also: it belongs to another workspace)
├── Conflict            it clashes with what is already there
├── Refused             understood, and a rule says no (window closed, opted out)
├── TooManyRequests     slow down; retry_after in seconds
└── Unavailable         we can't right now; retry_after in seconds
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with an input: where (JSON Pointer), a stable code, a sentence that says what to do."""

    pointer: str
    code: str
    detail: str


class ParleyError(Exception):
    """An expected error, shown to the caller as it is: `code` is stable, `detail` says what to do."""

    code: ClassVar[str] = "error"

    def __init__(self, detail: str, *, code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.reason = code or self.code


class InvalidInput(ParleyError):
    code = "invalid_input"

    def __init__(self, detail: str, faults: Sequence[Fault] = (), *, code: str | None = None) -> None:
        super().__init__(detail, code=code)
        self.faults = tuple(faults)


class Unauthorized(ParleyError):
    code = "unauthorized"


class Forbidden(ParleyError):
    code = "forbidden"


class NotFound(ParleyError):
    code = "not_found"


class Conflict(ParleyError):
    code = "conflict"


class Refused(ParleyError):
    code = "refused"


class TooManyRequests(ParleyError):
    code = "too_many_requests"

    def __init__(self, detail: str, *, retry_after: float, code: str | None = None) -> None:
        super().__init__(detail, code=code)
        self.retry_after = retry_after


class Unavailable(ParleyError):
    code = "unavailable"

    def __init__(self, detail: str, *, retry_after: float, code: str | None = None) -> None:
        super().__init__(detail, code=code)
        self.retry_after = retry_after


def fault(pointer: str, code: str, detail: str) -> Fault:
    """A Fault in one line."""
    return Fault(pointer=pointer, code=code, detail=detail)
