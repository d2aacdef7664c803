"""What one attempt brought, and what of it is kept: never a secret, and nothing of the body that was sent."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal
from urllib.parse import urlsplit

import msgspec

from parley.kit.crypto import SealedColumn
from parley.modules.webhooks.ports import Answer, NoAnswer, Post
from parley.modules.webhooks.store.queue import Claimed

Outcome = Literal[
    "delivered", "refused", "no_answer", "redirected", "throttled", "gone", "unwanted", "bad_status", "unreadable"
]

KEPT_BODY_BYTES: Final = 4096
"""Of an answer: enough to read an error message."""
MAX_RETRY_AFTER_SECONDS: Final = 86_400
_SUCCESS, _REDIRECT, _ERROR = 200, 300, 400
_GONE = 410
_ABORT: Final = ("webhook-delivery", "abort-message")
"""The header by which a receiver says that it will never take this one."""
_THROTTLING: Final = frozenset({429, 502, 503, 504})
_OURS: Final = frozenset({"content-type", "user-agent", "webhook-id", "webhook-timestamp"})
_TOLD: Final = frozenset(
    {"content-type", "content-length", "date", "server", "retry-after", "location", "x-request-id", "request-id"}
    | {_ABORT[0]}
)
_REDACTED: Final = "(redacted)"


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """An attempt as it is kept, sealed."""

    url: str
    headers: dict[str, str]
    bytes: int
    answer_headers: dict[str, str] = {}
    answer_body: str | None = None
    problem: str | None = None


KEPT = SealedColumn("webhook_attempt", "detail", Kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One attempt. `retry_after` is how much patience the endpoint asked for."""

    claimed: Claimed
    outcome: Outcome
    status: int | None
    milliseconds: int
    kept: Kept
    retry_after: timedelta | None = None

    @property
    def delivered(self) -> bool:
        return self.outcome == "delivered"

    @property
    def failed(self) -> bool:
        """Whether the endpoint is to blame, so that it is tried again."""
        return self.outcome not in ("delivered", "unwanted", "unreadable")


def judge(answer: Answer | NoAnswer) -> tuple[Outcome, str | None]:
    """What an answer means, and the problem in a sentence."""
    if isinstance(answer, NoAnswer):
        return "refused" if answer.refused else "no_answer", answer.reason
    status = answer.status
    if _SUCCESS <= status < _REDIRECT:
        return "delivered", None
    if _REDIRECT <= status < _ERROR:
        return "redirected", f"It answered {status}; redirects are not followed, so give the final address."
    if status == _GONE:
        return "gone", "It answered 410 Gone, so it is not called any more."
    if answer.headers.get(_ABORT[0], "").strip().lower() == _ABORT[1]:
        return "unwanted", f"It answered {status} and wants this one no more ({_ABORT[0]}: {_ABORT[1]})."
    if status in _THROTTLING:
        return "throttled", f"It answered {status}, so it is given some rest."
    return "bad_status", f"It answered {status}; any 2xx counts as delivered."


def retry_after(answer: Answer | NoAnswer) -> timedelta | None:
    """The patience that a throttling answer asks for, where it does so in seconds."""
    if isinstance(answer, NoAnswer) or answer.status not in _THROTTLING:
        return None
    asked = answer.headers.get("retry-after", "").strip()
    return timedelta(seconds=min(int(asked), MAX_RETRY_AFTER_SECONDS)) if asked.isdecimal() else None


def keep(post: Post, answer: Answer | NoAnswer, problem: str | None) -> Kept:
    """What is kept of an exchange."""
    body = post.body or b""
    if isinstance(answer, NoAnswer):
        return Kept(_without_query(post.url), _redacted(post), len(body), problem=problem)
    return Kept(
        _without_query(post.url),
        _redacted(post),
        len(body),
        answer_headers={name: value[:256] for name, value in answer.headers.items() if name in _TOLD},
        answer_body=answer.body[:KEPT_BODY_BYTES].decode(errors="replace") or None,
        problem=problem,
    )


def unreadable(claimed: Claimed, problem: str) -> Result:
    """A delivery that could not be made into a request."""
    kept = Kept("", {}, 0, problem=problem)
    return Result(claimed=claimed, outcome="unreadable", status=None, milliseconds=0, kept=kept)


def _redacted(post: Post) -> dict[str, str]:
    kept = {name.lower(): value for name, value in post.headers.items()}
    return {name: value if name in _OURS else _REDACTED for name, value in kept.items()}


def _without_query(url: str) -> str:
    """A query often holds a token."""
    parts = urlsplit(url)
    return parts._replace(query=_REDACTED).geturl() if parts.query else url
