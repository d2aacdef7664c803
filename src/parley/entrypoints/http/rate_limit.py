"""How often one may ask, and how many at once: counted by key and by workspace, for strangers by address.

The headers of an answer are those of draft-ietf-httpapi-ratelimit-headers-10: `RateLimit-Policy` names each quota and
its window, `RateLimit` what is left and after how many seconds all of it is there again. `X-RateLimit-…` tell the
narrowest in the older way.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from fastapi import Request

from parley.core.errors import TooManyRequests
from parley.core.time import unix_seconds
from parley.entrypoints.http.authentication import address_of
from parley.kit.crypto import blind_index
from parley.kit.keys import INSTALLATION
from parley.kit.rates import Quota, QuotaExceeded, Standing
from parley.modules.accounts import Allowance, Principal
from parley.wiring import App

STRANGERS = Quota("address", 20, 60)
"""Requests of an address without a known key: somebody who mistyped it, not somebody who tries many."""
APPS = Quota("app", 5, 50)
"""Of a partner's app from one address: a token lives an hour, so who asks so often asks in a loop. Counted by address
too, so that nobody else can use an app's quota up."""


class TooManyAtOnce(TooManyRequests):
    """Wait for answers before asking for more."""

    code = "too_many_at_once"


class Gate:
    """Counts requests, and lets through those within the quotas."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._rates = app.allowances.rates
        self._under_way: Counter[UUID] = Counter()

    async def count(self, request: Request, principal: Principal) -> Allowance:
        """Count a request of somebody known; what they may use. Raises QuotaExceeded."""
        allowance = await self._app.allowances.of(principal.workspace)
        self._take(request, [(principal.key, allowance.key), (principal.workspace, allowance.workspace)])
        return allowance

    def count_stranger(self, request: Request) -> None:
        """Count a request by its address. Raises QuotaExceeded."""
        self._take(request, [(self._subject(request), STRANGERS)])

    def check_stranger(self, request: Request) -> None:
        """Whether this address may show one more key that we don't know yet. Raises QuotaExceeded."""
        self._rates.check(self._subject(request), STRANGERS)

    def count_app(self, request: Request, client_id: str) -> None:
        """Count a request of who says to be this app. Raises QuotaExceeded."""
        self._take(request, [(self._subject(request, client_id), APPS)])

    @contextmanager
    def under_way(self, key: UUID, most: int) -> Iterator[None]:
        """While a request is worked on. Raises TooManyAtOnce."""
        if self._under_way[key] >= most:
            raise TooManyAtOnce(f"{most} requests of this key are under way; wait for some answers.", retry_after=1)
        self._under_way[key] += 1
        try:
            yield
        finally:
            self._under_way[key] -= 1
            if not self._under_way[key]:
                del self._under_way[key]

    def _take(self, request: Request, wanted: Sequence[tuple[UUID, Quota]]) -> None:
        try:
            standings: Sequence[Standing] = self._rates.take(wanted)
        except QuotaExceeded as refusal:
            tell(request, refusal.standings)
            raise
        tell(request, standings)

    def _subject(self, request: Request, *more: str) -> UUID:
        index = self._app.keys.held(INSTALLATION).index
        return UUID(bytes=blind_index(index, "address", " ".join((address_of(request), *more))))


def tell(request: Request, standings: Sequence[Standing]) -> None:
    """Put how quotas stand into the answer's headers, and the narrowest into the log."""
    narrowest = min(standings, key=lambda each: each.left)
    violated = next((each.quota.name for each in standings if each.wait > 0), None)
    request.state.rate = (narrowest.left, violated)
    request.state.headers.update(
        {
            "ratelimit-policy": ", ".join(f'"{s.quota.name}";q={s.quota.burst};w={s.quota.window}' for s in standings),
            "ratelimit": ", ".join(f'"{s.quota.name}";r={s.left};t={s.full_in}' for s in standings),
            "x-ratelimit-limit": str(narrowest.quota.burst),
            "x-ratelimit-remaining": str(narrowest.left),
            "x-ratelimit-reset": str(int(unix_seconds()) + narrowest.full_in),
        }
    )
