"""Asking, and awaiting the answer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import quote

import httpx

from parley_client.errors import NoAnswer
from parley_client.request import SECONDS, URL, Request, pause

Page = TypeVar("Page", bound=Mapping[str, object])


class AsyncCaller:
    """A connection to Parley with a key. Close it, or use it in `async with`."""

    def __init__(
        self, key: str, *, url: str = URL, timeout: float = SECONDS, client: httpx.AsyncClient | None = None
    ) -> None:
        """`timeout` is in seconds. `client` replaces httpx's own, for proxies and tests."""
        self._client = client or httpx.AsyncClient(timeout=timeout)
        self._client.base_url = httpx.URL(url)
        self._client.headers["Authorization"] = f"Bearer {key}"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._client.aclose()

    @staticmethod
    def quoted(text: str) -> str:
        return quote(text, safe="")

    async def ask(self, request: Request) -> object:
        """The answer. Raises Refused, NoAnswer."""
        built = request.build(self._client)
        tried = 0
        while True:
            tried += 1
            answer, broken = await self._try(built)
            seconds = pause(tried, answer)
            if seconds is None and answer is not None:
                return request.read(answer)
            if seconds is None:
                raise NoAnswer(str(broken)) from broken
            await asyncio.sleep(seconds)

    async def every(
        self, page: Callable[..., Awaitable[Page]], /, *arguments: str, **filters: object
    ) -> AsyncIterator[dict[str, object]]:
        """Each thing of a list, page after page: `every(parley.list_messages, conversation_id=…)`."""
        after: object = None
        while True:
            found = await page(*arguments, after=after, **filters)
            things = found["data"]
            if isinstance(things, list):
                for each in things:
                    yield each
            after = found["next_cursor"]
            if after is None:
                return

    async def _try(self, built: httpx.Request) -> tuple[httpx.Response | None, httpx.TransportError | None]:
        try:
            return await self._client.send(built), None
        except httpx.TransportError as error:
            return None, error
