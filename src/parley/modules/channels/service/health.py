"""Look how channels stand at their providers: on demand, after a webhook about the number, and once a day."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import msgspec
import structlog

from parley.core.errors import NotFound, Refused
from parley.core.ids import ChannelId, WorkspaceId
from parley.core.json import JsonObject, JsonValue
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Caller, Unit, Units
from parley.modules.channels.domain import RATES, Channel, ChannelAccess, NumberHealth, rate_of
from parley.modules.channels.events import ChannelHealthChanged
from parley.modules.channels.ports import NumberProvider, Remedy, SendFailed
from parley.modules.channels.service.pause_channel import pause_channel
from parley.modules.channels.service.refusal import told_by_provider
from parley.modules.channels.service.routes import Routes
from parley.modules.channels.store import channels
from parley.modules.channels.store import health as store

LOOK_AGAIN = timedelta(hours=24)
HELD = timedelta(minutes=2)
"""A look takes three calls of at most fifteen seconds."""
AT_ONCE = 8
REFUSED_CODE = 190
PICTURE, PICTURE_HANDLE = "profile_picture", "profile_picture_handle"
_WORDS = ("name", "advice")
_AWAY = frozenset((Remedy.RETRY, Remedy.UNSURE, Remedy.THROTTLE_NUMBER))

log = structlog.get_logger("parley.channels")


@dataclass(frozen=True, slots=True)
class Checked:
    """The last look at a channel."""

    at: datetime
    health: NumberHealth


class Samples(Protocol):
    """Who has files and gives them to providers as samples: the room of media, above this one."""

    async def handle_of(self, channel: Channel, caller: Caller, named: tuple[str, str]) -> str:
        """The provider's handle of a file (`med_…`); `named` is the pointer to it and its id. Raises ParleyError."""
        ...


@dataclass(frozen=True, slots=True)
class HealthDesk:
    """What looking needs. No unit is held while the provider is asked."""

    units: Units
    keys: KeyService
    routes: Routes
    providers: Mapping[str, NumberProvider]
    samples: Samples

    async def work(self) -> int:
        """Look at the channels that are due; how many."""
        async with self.units.begin(lane="claim") as unit:
            due = await store.claim(unit, now(), HELD, AT_ONCE)
        for workspace, channel in due:
            try:
                await self.check(await self.routes.get(channel))
            except NotFound:
                log.info("A channel to look at is gone.", action="health_gone", workspace=str(workspace))
        return len(due)

    async def check(self, channel: Channel) -> Checked:
        """Ask the provider, keep what it says, tell what changed. A number that lost its webhooks gets them again."""
        health = await self._ask(channel)
        checked = Checked(now(), health)
        async with self.units.begin(channel.workspace) as unit:
            await self._keep(unit, channel, checked)
        return checked

    async def prepare(self, kind: str, access: ChannelAccess) -> int:
        """Before a number is added: how fast it may send, and its webhooks made to come here. Raises ParleyError.

        A provider that is away keeps nobody: the number is added at the usual rate and looked at later.
        """
        provider = self.providers[kind]
        try:
            health = await provider.health(access)
            await provider.subscribe(access)
        except SendFailed as error:
            if error.remedy in _AWAY:
                return RATES["STANDARD"]
            raise told_by_provider(error) from error
        return rate_of(health)

    async def profile(self, channel: Channel) -> JsonObject:
        """What people see of the business. Raises ParleyError."""
        try:
            return await self._provider(channel).profile(channel.access)
        except SendFailed as error:
            raise told_by_provider(error) from error

    async def change_profile(self, channel: Channel, caller: Caller, change: JsonObject) -> JsonObject:
        """Change some of it; all of it as it is then. A file of ours (`med_…`) is uploaded. Raises ParleyError."""
        provider = self._provider(channel)
        picture = change.get(PICTURE)
        if isinstance(picture, str):
            handle = await self.samples.handle_of(channel, caller, (f"/{PICTURE}", picture))
            change = {**{name: value for name, value in change.items() if name != PICTURE}, PICTURE_HANDLE: handle}
        try:
            await provider.change_profile(channel.access, change)
        except SendFailed as error:
            raise told_by_provider(error) from error
        return await self.profile(channel)

    def _provider(self, channel: Channel) -> NumberProvider:
        found = self.providers.get(channel.kind)
        if found is None:
            raise Refused("Channels of this kind have no profile.", code="no_profile")
        return found

    async def last(self, unit: Unit, channel: ChannelId) -> Checked | None:
        """The last look, if there was one."""
        kept = await store.one(unit, channel)
        if kept is None:
            return None
        own = await self.keys.scope(unit.workspace)
        words = store.WORDS.unseal(own.data, unit.workspace, channel, kept.words) if kept.words else store.Words()
        health = NumberHealth(**msgspec.json.decode(kept.facts))
        return Checked(kept.checked_at, replace(health, name=words.name, advice=words.advice))

    async def _ask(self, channel: Channel) -> NumberHealth:
        provider = self.providers.get(channel.kind)
        if provider is None:
            return NumberHealth(token="valid", status="CONNECTED", can_send="AVAILABLE", subscribed=True)
        try:
            health = await provider.health(channel.access)
            if health.subscribed is False:
                await provider.subscribe(channel.access)
                health = replace(health, subscribed=True)
        except SendFailed as error:
            refused = error.remedy is Remedy.REFRESH_TOKEN
            return NumberHealth(token="refused" if refused else "unknown", problem=error.code, advice=error.title)
        return health

    async def _keep(self, unit: Unit, channel: Channel, checked: Checked) -> None:
        before = await self.last(unit, channel.id)
        facts = {name: value for name, value in asdict(checked.health).items() if name not in _WORDS}
        own = await self.keys.scope(channel.workspace)
        words = store.Words(name=checked.health.name, advice=checked.health.advice)
        sealed = store.WORDS.seal(own.data, channel.workspace, channel.id, words)
        kept = store.Kept(checked.at, msgspec.json.encode(facts).decode(), sealed)
        await store.save(unit, channel.id, kept, checked.at + LOOK_AGAIN)
        await self._follow(unit, channel, checked.health)
        known = asdict(before.health) if before else {}
        changed: dict[str, JsonValue] = {name: value for name, value in facts.items() if value != known.get(name)}
        if changed:
            detail: JsonObject = {"changed": changed, "channel_id": str(channel.id)}
            unit.record(
                ChannelHealthChanged(workspace=channel.workspace, at=checked.at, subject=channel.id, detail=detail)
            )

    async def _follow(self, unit: Unit, channel: Channel, health: NumberHealth) -> None:
        """A refused token stops the channel; a rate that was raised is used."""
        if health.token == "refused" and channel.state == "active":
            why = channels.Pause("token_refused", health.problem or REFUSED_CODE)
            await pause_channel(unit, channel.workspace, channel.id, why)
        if health.throughput == "HIGH" and channel.rate == RATES["STANDARD"]:
            await channels.set_rate(unit, channel.workspace, channel.id, RATES["HIGH"])
            unit.wake("channels")


async def request_check(unit: Unit, workspace: WorkspaceId, channel: ChannelId) -> None:
    """Have a channel looked at soon."""
    await store.request(unit, workspace, channel, now())
    unit.wake("health")
