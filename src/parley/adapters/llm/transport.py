"""The way out for the model library: every request goes through the guarded Egress, and nowhere else."""

import httpx2

from parley.kit.egress import Egress, NoAnswer, Wanted
from parley.kit.targets import Refused

MOST_BYTES = 8 * 1024 * 1024
"""Of an answer: 64 vectors of 3,072 numbers, as JSON, are below it."""


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Makes each request by an Egress, within `seconds`."""

    def __init__(self, egress: Egress, seconds: float) -> None:
        self._egress = egress
        self._seconds = seconds

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Raises httpx2.ConnectError with a sentence where no answer came."""
        wanted = Wanted(
            method=request.method,
            url=str(request.url),
            headers={name: value for name, value in request.headers.items() if name != "accept-encoding"},
            body=await request.aread(),
            seconds=self._seconds,
            most_bytes=MOST_BYTES,
        )
        try:
            got = await self._egress.ask(wanted)
        except (Refused, NoAnswer) as error:
            raise httpx2.ConnectError(str(error), request=request) from error
        if got.cut:
            raise httpx2.ReadError(f"The answer is larger than {MOST_BYTES} bytes.", request=request)
        headers = {name: value for name, value in got.headers.items() if name not in _UNPACKED}
        return httpx2.Response(got.status, headers=headers, content=got.body, request=request)


_UNPACKED = frozenset({"content-encoding", "content-length", "transfer-encoding"})
"""Headers of the body as it was on the wire; here it is unpacked and whole."""
