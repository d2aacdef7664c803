"""A vendor's own address: takes webhooks, verifies each as the vendor would, and fails now and then."""

from collections import defaultdict
from dataclasses import dataclass, field

from aiohttp import web
from standardwebhooks import Webhook

FAILS_EACH = 9
"""Every so manieth event is answered with 500 when it comes first."""


@dataclass(slots=True)
class Listener:
    """`told` has the bodies under each id, as often as they came."""

    secret: str = ""
    url: str = ""
    told: defaultdict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    doubly_signed: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)
    """What carried two signatures."""
    _refused: set[str] = field(default_factory=set)
    _heard: int = 0
    _runner: web.AppRunner | None = None

    async def open(self) -> None:
        application = web.Application()
        application.router.add_post("/hook", self._hear)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/hook"

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _hear(self, request: web.Request) -> web.Response:
        body, headers = await request.read(), {name.lower(): value for name, value in request.headers.items()}
        event = headers["webhook-id"]
        self._heard += 1
        if self._heard % FAILS_EACH == 0 and event not in self._refused:
            self._refused.add(event)
            return web.Response(status=500)
        Webhook(self.secret).verify(body, headers)
        self.told[event].append(body)
        if " " in headers["webhook-signature"]:
            self.doubly_signed.append((body, headers))
        return web.Response()
