"""Refusals in Meta's words: the codes that the façade itself gives, and what our own errors are there. Pure.

HTTP statuses and titles: Meta's table of error codes, December 2025 and September 2026.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from parley.core.errors import (
    Conflict,
    Fault,
    Forbidden,
    InvalidInput,
    NotFound,
    ParleyError,
    Refused,
    TooManyRequests,
    Unauthorized,
    Unavailable,
)
from parley.core.json import JsonObject, JsonValue

MOST_FAULTS: Final = 5
"""Told in one refusal; whoever mends these sees the rest at the next try."""


class Kind(NamedTuple):
    """What a code is: HTTP status, Meta's title, whether trying again may help."""

    status: int
    title: str
    transient: bool = False


UNKNOWN_FAULT, SERVICE_DOWN, PERMISSION, INVALID, TOKEN = 1, 2, 10, 100, 190
UNKNOWN_PATH, OLD_VERSION, ACCOUNT_RATE = 2500, 2635, 80007
ACCESS_DENIED = 131005
NUMBER_RATE, SOMETHING_WRONG, MISSING, WRONG_VALUE = 130429, 131000, 131008, 131009
OVERLOADED, UNDELIVERABLE, LOCKED, WINDOW_CLOSED = 131016, 131026, 131031, 131047
STOPPED_MARKETING, UNSUPPORTED_TYPE, MEDIA_GONE, MEDIA_WRONG = 131050, 131051, 131052, 131053
MAINTENANCE, PARAMETER_COUNT, NO_TEMPLATE, PARAMETER_FORMAT = 131057, 132000, 132001, 132012
TEMPLATE_PAUSED, TEMPLATE_DISABLED, NO_MARKETING = 132015, 132016, 134100
NO_SUCH_OBJECT: Final = 33
"""The subcode of 100 for an id that is not there, or not this caller's."""

KINDS: Final[dict[int, Kind]] = {
    UNKNOWN_FAULT: Kind(500, "An unknown error occurred", transient=True),
    SERVICE_DOWN: Kind(503, "Service temporarily unavailable", transient=True),
    PERMISSION: Kind(403, "Application does not have permission for this action"),
    INVALID: Kind(400, "Invalid parameter"),
    TOKEN: Kind(401, "Access token not valid"),
    UNKNOWN_PATH: Kind(400, "Unknown path components"),
    OLD_VERSION: Kind(400, "API version not available"),
    ACCOUNT_RATE: Kind(429, "Rate limit issues", transient=True),
    NUMBER_RATE: Kind(429, "Rate limit hit", transient=True),
    SOMETHING_WRONG: Kind(500, "Something went wrong", transient=True),
    ACCESS_DENIED: Kind(403, "Access denied"),
    MISSING: Kind(400, "Required parameter is missing"),
    WRONG_VALUE: Kind(400, "Parameter value is not valid"),
    OVERLOADED: Kind(503, "Service unavailable", transient=True),
    UNDELIVERABLE: Kind(400, "Message undeliverable"),
    LOCKED: Kind(403, "Business Account locked"),
    WINDOW_CLOSED: Kind(400, "Re-engagement message"),
    STOPPED_MARKETING: Kind(400, "User's number is part of those who stopped marketing messages"),
    UNSUPPORTED_TYPE: Kind(400, "Unsupported message type"),
    MEDIA_GONE: Kind(400, "Media download error"),
    MEDIA_WRONG: Kind(400, "Media upload error"),
    MAINTENANCE: Kind(500, "Account in maintenance mode", transient=True),
    PARAMETER_COUNT: Kind(400, "Number of parameters does not match the expected number of params"),
    NO_TEMPLATE: Kind(404, "Template name does not exist in the translation"),
    PARAMETER_FORMAT: Kind(400, "Parameter format does not match format in the created template"),
    TEMPLATE_PAUSED: Kind(400, "Template is Paused"),
    TEMPLATE_DISABLED: Kind(400, "Template is Disabled"),
    NO_MARKETING: Kind(400, "Only marketing messages supported"),
}
_OTHER: Final = Kind(400, "Message failed to send")

_REFUSED: Final[dict[str, int]] = {
    "window_closed": WINDOW_CLOSED,
    "opted_out": STOPPED_MARKETING,
    "template_not_usable": TEMPLATE_PAUSED,
}
_ENVELOPE: Final = ("/type", "/messaging_product", "/recipient_type")
"""What is wrong here is told by 100, as Meta does; within the content it is 131008 or 131009."""
_BAD_FILES: Final = ("too_large", "wrong_type", "empty")


class MetaRefusal(Exception):
    """A refusal as Meta gives it: a code, what is wrong with this request, sometimes a subcode."""

    def __init__(
        self, code: int, details: str, *, subcode: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(f"{code}")
        self.code = code
        self.details = details
        self.subcode = subcode
        self.retry_after = retry_after
        self.kind = KINDS.get(code, _OTHER)

    def body(self, trace: str) -> JsonObject:
        """The `{"error": …}` object. `trace` is the request's id, where Meta gives its own trace."""
        error: dict[str, JsonValue] = {
            "message": f"(#{self.code}) {self.kind.title}",
            "type": "GraphMethodException" if self.subcode == NO_SUCH_OBJECT else "OAuthException",
            "code": self.code,
            "error_data": {"messaging_product": "whatsapp", "details": self.details},
            "fbtrace_id": trace,
        }
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.kind.transient:
            error["is_transient"] = True
        return {"error": error}


def unknown_object(method: str, node: str) -> MetaRefusal:
    """What Meta says of an id that is not there, or not yours."""
    return MetaRefusal(
        INVALID,
        f"Unsupported {method.lower()} request: an object with the ID '{node}' does not exist or can't be reached with "
        "this token.",
        subcode=NO_SUCH_OBJECT,
    )


def unknown_path(parts: Sequence[str]) -> MetaRefusal:
    """What Meta says of an address that is none."""
    return MetaRefusal(UNKNOWN_PATH, f"Unknown path components: /{'/'.join(parts)}")


def refusal_of(error: ParleyError, *, sending: bool) -> MetaRefusal:
    """An error of ours as Meta would give it; `sending` is whether a message was to be sent."""
    match error:
        case InvalidInput():
            return _invalid(error)
        case Unauthorized():
            return MetaRefusal(TOKEN, error.detail)
        case Forbidden():
            return MetaRefusal(PERMISSION, error.detail)
        case NotFound():
            return MetaRefusal(INVALID, error.detail, subcode=NO_SUCH_OBJECT)
        case Refused():
            return MetaRefusal(_REFUSED.get(error.reason, SOMETHING_WRONG), error.detail)
        case TooManyRequests():
            code = NUMBER_RATE if sending else ACCOUNT_RATE
            return MetaRefusal(code, error.detail, retry_after=error.retry_after)
    return _passing(error, sending=sending)


def _passing(error: ParleyError, *, sending: bool) -> MetaRefusal:
    """What may go well at another time, and what can't be read."""
    down = OVERLOADED if sending else SERVICE_DOWN
    match error:
        case Unavailable():
            return MetaRefusal(down, error.detail, retry_after=error.retry_after)
        case Conflict():
            return MetaRefusal(down, error.detail, retry_after=1)
    # Meta takes a token in the address; here addresses are logged, so the edge refuses it before it looks at it.
    return MetaRefusal(TOKEN if error.reason == "key_in_query" else INVALID, error.detail)


def _invalid(error: InvalidInput) -> MetaRefusal:
    if not error.faults:
        return MetaRefusal(INVALID, error.detail)
    told = "; ".join(f"{each.pointer or '/'}: {each.detail}" for each in error.faults[:MOST_FAULTS])
    return MetaRefusal(_code_of(error.faults[0]), told)


def _code_of(fault: Fault) -> int:
    if fault.pointer == "/file" and fault.code in _BAD_FILES:
        return MEDIA_WRONG
    if fault.pointer in _ENVELOPE:
        return INVALID
    if fault.code in _BAD_PARAMETERS:
        return _BAD_PARAMETERS[fault.code]
    return MISSING if fault.code == "missing" else WRONG_VALUE


_BAD_PARAMETERS: Final = {
    "wrong_count": PARAMETER_COUNT,
    "unknown_variable": PARAMETER_FORMAT,
    "wrong_value": PARAMETER_FORMAT,
}
"""What is wrong with a template's parameters, by the code of its fault."""
