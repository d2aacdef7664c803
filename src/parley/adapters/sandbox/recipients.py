"""Magic recipients, as data: what becomes of a message of the test channel is told by the number it is sent to."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from parley.adapters.whatsapp.error_table import RULES

Status = Literal["sent", "delivered", "read", "failed"]
SLOW_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Step:
    """A status that comes so many seconds after the message was taken."""

    status: Status
    after: float = 0.0
    code: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What becomes of a message. `says`: what the person answers; an empty text is the message itself."""

    words: str
    steps: tuple[Step, ...]
    says: str | None = None


_SENT, _DELIVERED, _READ = Step("sent"), Step("delivered"), Step("read")
DELIVERED: Final = Outcome(words="Delivered. So is every number that is not in this table.", steps=(_SENT, _DELIVERED))
RECIPIENTS: Final[dict[str, Outcome]] = {
    "+15551000001": DELIVERED,
    "+15551000002": Outcome(words="Delivered and read.", steps=(_SENT, _DELIVERED, _READ)),
    "+15551000003": Outcome(words="Sent, and never delivered.", steps=(_SENT,)),
    "+15551000004": Outcome(
        words=f"Slow: delivered after {SLOW_SECONDS:.0f} seconds.", steps=(_SENT, Step("delivered", SLOW_SECONDS))
    ),
    "+15551000005": Outcome(words="Opts out: answers STOP.", steps=(_SENT, _DELIVERED, _READ), says="STOP"),
    "+15551000006": Outcome(words="Answers with the same text.", steps=(_SENT, _DELIVERED, _READ), says=""),
    "+15551000007": Outcome(
        words="Disorderly: statuses come twice, and the last one first.", steps=(_READ, _DELIVERED, _SENT, _READ)
    ),
}
FAILING: Final = "+15550"
"""Followed by an error code of WhatsApp in six digits or more: the message fails with that code."""
_FAILING: Final = re.compile(re.escape(FAILING) + r"(\d{6,7})")


def outcome_of(number: str | None) -> Outcome:
    """What becomes of a message to this number."""
    found = _FAILING.fullmatch(number or "")
    code = int(found[1]) if found else None
    if code in RULES:
        return Outcome(words=f"Fails with {code}.", steps=(Step("failed", code=code),))
    return RECIPIENTS.get(number or "", DELIVERED)
