"""Deliver: claim what may leave, post it, and remember that we did before anything else can go wrong."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from parley.core.content import Content
from parley.core.time import now
from parley.kit.crypto import CannotUnseal, Key, key_id_of
from parley.kit.telemetry import counters
from parley.kit.unit import Units
from parley.modules.channels import Routes
from parley.modules.channels.ports import ChannelDriver, Outgoing, Receipt, Remedy, SendFailed
from parley.modules.conversations.service.parties import party_of
from parley.modules.conversations.service.settle import Result, Settler
from parley.modules.conversations.store import arrivals, claims
from parley.modules.media import MediaLibrary
from parley.modules.privacy import MARKETING, People, opted_out

SLOTS = 128
"""Posts under way at once in one worker; each holds a connection to the provider."""
WORKSPACE_SLOTS = SLOTS // 2
"""No workspace holds more than half of them."""
POST_SECONDS = 15.0
"""A provider that did not answer in this time may or may not have the message."""
HELD = timedelta(seconds=60)
"""A claim holds this long: the post, and settling it even while the database is slow."""


@dataclass(frozen=True, slots=True)
class Sender:
    """What delivering needs."""

    units: Units
    people: People
    routes: Routes
    drivers: Mapping[str, ChannelDriver]
    media: MediaLibrary


class Deliverer:
    """The lane that sends. One post a conversation at a time, fair between workspaces."""

    def __init__(self, sender: Sender, settler: Settler) -> None:
        self._sender = sender
        self._settler = settler
        self._under_way: set[asyncio.Task[None]] = set()
        self._by_workspace: Counter[UUID] = Counter()

    async def work(self) -> int:
        """Claim as many messages as there are free slots and start posting them; how many."""
        free = SLOTS - len(self._under_way)
        if free <= 0:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
            return 1
        claimed = await self._claim(free)
        for each in claimed:
            self._start(each)
        return len(claimed)

    async def drain(self) -> None:
        """Wait for the posts under way, so that a clean stop leaves nothing unsure."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=POST_SECONDS)

    async def _claim(self, free: int) -> list[tuple[claims.Claimed, Key | None]]:
        full = tuple(w for w, n in self._by_workspace.items() if n >= WORKSPACE_SLOTS)
        limits = claims.ClaimLimits(free, min(free, WORKSPACE_SLOTS), HELD, full)
        async with self._sender.units.begin(lane="claim") as unit:
            claimed = await claims.claim(unit, now(), limits)
            marketed = [(each.workspace, each.contact) for each in claimed if each.marketing]
            silent = await opted_out(unit, MARKETING, marketed) if marketed else set()
        for each in claimed:
            if each.marketing and (each.workspace, each.contact) in silent:
                self._settler.put(Result(each, failure=_OPTED_OUT))
        send = [each for each in claimed if not (each.marketing and (each.workspace, each.contact) in silent)]
        keys = await self._sender.people.keys_of([(each.workspace, key_id_of(each.body)) for each in send])
        return [(each, keys.get(key_id_of(each.body))) for each in send]

    def _start(self, claim: tuple[claims.Claimed, Key | None]) -> None:
        message, key = claim
        self._by_workspace[message.workspace] += 1
        task = asyncio.create_task(self._deliver(message, key))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _deliver(self, message: claims.Claimed, key: Key | None) -> None:
        try:
            self._settler.put(await self._post(message, key))
        finally:
            self._by_workspace[message.workspace] -= 1

    async def _post(self, message: claims.Claimed, key: Key | None) -> Result:
        moment = now()
        failure = _cannot_be_sent(message, key, moment)
        if failure is not None or key is None:
            return Result(message, failure=failure or _ERASED)
        try:
            return Result(message, receipt=await self._send(message, key), key=key)
        except SendFailed as error:
            counters.add("sends", error.remedy.value)
            return Result(message, failure=error, key=key)
        except (CannotUnseal, KeyError, ValueError) as error:
            problem = SendFailed(Remedy.FINAL, code=0, title="The message can't be read any more", detail=str(error))
            return Result(message, failure=problem)

    async def _send(self, message: claims.Claimed, key: Key) -> Receipt:
        channel = await self._sender.routes.get(message.channel)
        driver = self._sender.drivers[channel.kind]
        body = arrivals.BODY.unseal(key, message.workspace, message.id, message.body)
        provider_media = None
        if message.media is not None:
            provider_media = await self._sender.media.at_provider(channel, driver, message.media)
        outgoing = Outgoing(
            message_id=message.id,
            to=party_of(body.party),
            content=Content(body.kind, body.body, body.context),  # type: ignore[arg-type]
            group_id=body.group_id,
            provider_media_id=provider_media,
        )
        try:
            async with asyncio.timeout(POST_SECONDS):
                receipt = await driver.send(channel.access, outgoing)
        except TimeoutError:
            raise SendFailed(Remedy.UNSURE, code=0, title="The provider did not answer in time") from None
        counters.add("sends", "accepted")
        return receipt


def _cannot_be_sent(message: claims.Claimed, key: Key | None, moment: datetime) -> SendFailed | None:
    if key is None:
        return _ERASED
    return _TOO_LATE if message.expires_at <= moment else None


_OPTED_OUT = SendFailed(Remedy.OPTED_OUT, code=0, title="The person opted out of marketing before this was sent")
_ERASED = SendFailed(Remedy.FINAL, code=0, title="The person was erased before this was sent")
_TOO_LATE = SendFailed(Remedy.FINAL, code=0, title="The message's deadline passed before it could be sent")
