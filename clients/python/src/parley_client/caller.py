"""Asking, and waiting for the answer."""

import time
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import quote

import httpx

from parley_client.errors import NoAnswer
from parley_client.request import SECONDS, URL, Request, pause

Page = TypeVar("Page", bound=Mapping[str, object])


class Caller:
    """A connection to Parley with a key. Close it, or use it in `with`."""

    def __init__(
        self, key: str, *, url: str = URL, timeout: float = SECONDS, client: httpx.Client | None = None
    ) -> None:
        """`timeout` is in seconds. `client` replaces httpx's own, for proxies and tests."""
        self._client = client or httpx.Client(timeout=timeout)
        self._client.base_url = httpx.URL(url)
        self._client.headers["Authorization"] = f"Bearer {key}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    @staticmethod
    def quoted(text: str) -> str:
        return quote(text, safe="")

    def ask(self, request: Request) -> object:
        """The answer. Raises Refused, NoAnswer."""
        built = request.build(self._client)
        tried = 0
        while True:
            tried += 1
            answer, broken = self._try(built)
            seconds = pause(tried, answer)
            if seconds is None and answer is not None:
                return request.read(answer)
            if seconds is None:
                raise NoAnswer(str(broken)) from broken
            time.sleep(seconds)

    def every(self, page: Callable[..., Page], /, *arguments: str, **filters: object) -> Iterator[dict[str, object]]:
        """Each thing of a list, page after page: `every(parley.list_messages, conversation_id=…)`."""
        after: object = None
        while True:
            found = page(*arguments, after=after, **filters)
            things = found["data"]
            if isinstance(things, list):
                yield from things
            after = found["next_cursor"]
            if after is None:
                return

    def _try(self, built: httpx.Request) -> tuple[httpx.Response | None, httpx.TransportError | None]:
        try:
            return self._client.send(built), None
        except httpx.TransportError as error:
            return None, error
