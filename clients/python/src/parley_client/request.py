"""A request, and the rules of asking again: the same whether somebody waits or not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO
from uuid import uuid4

import httpx

from parley_client.errors import Refused

URL = "http://127.0.0.1:8080"
"""Where `parley up` listens."""
SECONDS = 60.0
TRIES = 4
"""A platform that is being restarted is back within the pauses between so many tries."""
PAUSE_SECONDS = 0.5
MOST_SECONDS = 30.0
"""Told to wait longer, the client gives the refusal to its caller, who knows better whether to."""
AGAIN = frozenset({429, 502, 503, 504})
LAST_SUCCESS = 299

File = tuple[str, bytes | IO[bytes], str]
"""What to upload: its name, its bytes or an open file, its content type."""


@dataclass(frozen=True)
class Request:
    """One request to the API. A POST without an idempotency key gets one of its own."""

    method: str
    address: str
    query: Mapping[str, object] = field(default_factory=dict)
    body: Mapping[str, object] | None = None
    file: File | None = None
    idempotency_key: str | None = None
    raw: bool = False

    def headers(self) -> dict[str, str]:
        if self.method != "POST":
            return {}
        return {"Idempotency-Key": self.idempotency_key or str(uuid4())}

    def build(self, client: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        return client.build_request(
            self.method,
            self.address,
            params={name: _spelled(value) for name, value in self.query.items() if value is not None},
            json=self.body,
            files=None if self.file is None else {"file": self.file},
            headers=self.headers(),
        )

    def read(self, answer: httpx.Response) -> object:
        """What the answer says. Raises Refused."""
        if answer.status_code > LAST_SUCCESS:
            raise Refused(answer.status_code, _problem(answer))
        if self.raw:
            return answer.content
        return answer.json() if answer.content else None


def pause(tried: int, answer: httpx.Response | None) -> float | None:
    """Seconds to wait before another try; None when it would do no good. `answer` None: the connection broke."""
    if tried >= TRIES or (answer is not None and answer.status_code not in AGAIN):
        return None
    told = answer.headers.get("retry-after", "") if answer is not None else ""
    seconds = float(told) if told.isdecimal() else PAUSE_SECONDS * 2**tried
    return seconds if seconds <= MOST_SECONDS else None


def _spelled(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _problem(answer: httpx.Response) -> Mapping[str, object]:
    try:
        found = answer.json()
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"detail": answer.text[:500]}
