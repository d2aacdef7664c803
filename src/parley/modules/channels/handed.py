"""What came of handing a message to a provider: what was exchanged, and how it failed. Part of this room's ports."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What was posted and answered, without headers and secrets. `status` is None when nothing was answered."""

    at: datetime
    micros: int
    request: bytes
    status: int | None = None
    answer: bytes = b""
    trace_id: str | None = None
    """By which the provider's support finds it."""


class Remedy(StrEnum):
    """What a failure asks us to do: the class of each code in a driver's error table."""

    RETRY = "retry"
    """Transient; send again after a while."""
    THROTTLE_NUMBER = "throttle_number"
    """The number is too fast; slow it down, then send again."""
    THROTTLE_PAIR = "throttle_pair"
    """Too much to this one person; wait 4^n seconds for this conversation only."""
    REFRESH_TOKEN = "refresh_token"
    """The credentials no longer work: the channel stops until they are replaced."""
    PAUSE_NUMBER = "pause_number"
    """The number or account may not send now: the channel stops and someone must act."""
    PAUSE_TEMPLATE = "pause_template"
    """The template may not be used now."""
    TELL_SENDER = "tell_sender"
    """This message is wrong or can't reach this person now; the sender must know."""
    OPTED_OUT = "opted_out"
    """The person stopped marketing; written to the consent ledger."""
    FINAL = "final"
    """It will never work for this message; nothing else to do."""
    UNSURE = "unsure"
    """The provider may or may not have it; never resent blindly."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A provider's answer as it was given, kept so that it can be told word for word."""

    status: int
    body: bytes


class SendFailed(Exception):
    """The only thing `send` raises: what happened and what it asks for."""

    exchange: Exchange | None = None
    """What was posted, where anything was."""

    def __init__(  # noqa: PLR0913 - one call says everything about a failure
        self,
        remedy: Remedy,
        *,
        code: int,
        title: str,
        detail: str | None = None,
        retry_after: float | None = None,
        doc_url: str | None = None,
        refusal: Refusal | None = None,
        subcode: int | None = None,
    ) -> None:
        super().__init__(f"{code} {title}")
        self.remedy = remedy
        self.code = code
        self.title = title
        self.detail = detail
        self.retry_after = retry_after
        self.doc_url = doc_url
        self.refusal = refusal
        self.subcode = subcode
