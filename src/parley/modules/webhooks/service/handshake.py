"""Meta's handshake: an endpoint of kind `meta` is told nothing before its address answered the challenge."""

import asyncio
from typing import Final
from urllib.parse import urlencode, urlsplit

from parley.core.ids import new_uuid
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Units
from parley.modules.webhooks.domain import Endpoint
from parley.modules.webhooks.ports import Messenger, NoAnswer, Post
from parley.modules.webhooks.service.fan_out import DELIVER
from parley.modules.webhooks.service.open_endpoint import opened
from parley.modules.webhooks.service.sign import USER_AGENT
from parley.modules.webhooks.store import endpoints as store

AT_ONCE: Final = 20
_OK: Final = 200


class Handshaking:
    """The lane that asks."""

    def __init__(self, units: Units, keys: KeyService, messenger: Messenger) -> None:
        self._units = units
        self._keys = keys
        self._messenger = messenger

    async def work(self) -> int:
        """Ask those that wait, at once, and write down what they answered; how many."""
        async with self._units.begin(lane="webhooks") as unit:
            rows = await store.verifying(unit, AT_ONCE)
        reasons = await asyncio.gather(*[self._ask(opened(await self._keys.scope(r.workspace), r)) for r in rows])
        for row, reason in zip(rows, reasons, strict=True):
            state = "active" if reason is None else "unverified"
            async with self._units.begin(row.workspace) as unit:
                if await store.verified(unit, row, state, reason, now()):
                    unit.wake(DELIVER)
        return len(rows)

    async def _ask(self, endpoint: Endpoint) -> str | None:
        """None when the challenge came back, else a word for what happened."""
        challenge = str(new_uuid().int % 10**10)
        answer = await self._messenger.ask(challenged(endpoint, challenge))
        if isinstance(answer, NoAnswer):
            return "address_refused" if answer.refused else "no_answer"
        if answer.status != _OK:
            return f"answered_{answer.status}"
        return None if answer.body.strip() == challenge.encode() else "wrong_challenge"


def challenged(endpoint: Endpoint, challenge: str) -> Post:
    """The GET of the handshake."""
    parts = urlsplit(endpoint.about.url)
    asked = urlencode(
        {
            "hub.mode": "subscribe",
            "hub.challenge": challenge,
            "hub.verify_token": endpoint.about.verify_token or "",
        }
    )
    url = parts._replace(query=f"{parts.query}&{asked}" if parts.query else asked).geturl()
    return Post(url=url, headers={"user-agent": USER_AGENT, **endpoint.about.headers}, body=None)
