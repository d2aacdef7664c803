"""What is kept of a post to Meta: when, for how long, both bodies, and the id by which Meta's support finds it."""

from typing import Final

from parley.adapters.whatsapp.render import encode
from parley.core.json import JsonObject
from parley.core.time import elapsed_seconds, now
from parley.kit.http import Answer
from parley.modules.channels.ports import ChannelAccess, Exchange, SendFailed

TRACE_ID: Final = "x-fb-trace-id"
HIDDEN: Final = b"[hidden]"


class Watch:
    """Begun just before a post."""

    def __init__(self, access: ChannelAccess, body: JsonObject) -> None:
        self._token = access.token.encode()
        self._body = body
        self._at, self._begun = now(), elapsed_seconds()

    def answered(self, answer: Answer) -> Exchange:
        return self._exchange(answer.status, answer.body, answer.headers.get(TRACE_ID))

    def failed(self, failure: SendFailed) -> Exchange | None:
        """None when the message could not even be written down."""
        try:
            refusal = failure.refusal
            return self._exchange(refusal.status, refusal.body) if refusal else self._exchange()
        except (TypeError, ValueError, RecursionError):
            return None

    def _exchange(self, status: int | None = None, answer: bytes = b"", trace_id: str | None = None) -> Exchange:
        return Exchange(
            at=self._at,
            micros=int((elapsed_seconds() - self._begun) * 1e6),
            request=self._shown(encode(self._body)),
            status=status,
            answer=self._shown(answer),
            trace_id=trace_id,
        )

    def _shown(self, body: bytes) -> bytes:
        """Meta quotes a token that it doesn't like."""
        return body.replace(self._token, HIDDEN) if self._token else body
