"""Find out what became of messages of unknown fate: from a status that came, or from the provider's memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from parley.core.ids import MessageId, WorkspaceId
from parley.core.time import from_unix, now
from parley.kit.unit import Unit, Units
from parley.modules.channels import Routes
from parley.modules.channels.ports import ChannelDriver, HistoryEntry, SendFailed
from parley.modules.conversations.domain import PROVIDER_STATUS, Status
from parley.modules.conversations.service.report import note
from parley.modules.conversations.store import arrivals, statuses, unsure
from parley.modules.privacy import People

ASK_AFTER = timedelta(minutes=2)
"""A status webhook comes within seconds; what has none by then is asked for."""
GIVE_UP_AFTER = timedelta(hours=24)
"""Nothing came in a day: the message fails with the code `outcome_unknown`, and its sender may decide."""
GAVE_UP = '{"errors":[{"code":0,"title":"The provider never said whether it has this message (outcome_unknown)"}]}'


@dataclass(frozen=True, slots=True)
class Reconciler:
    """The lane that settles unsure messages. A status webhook settles most before it looks."""

    units: Units
    people: People
    routes: Routes
    drivers: Mapping[str, ChannelDriver]

    async def work(self) -> int:
        """Look at the unsure messages that are due; how many were settled."""
        moment = now()
        async with self.units.begin(lane="claim") as unit:
            due = await unsure.due(unit, moment - ASK_AFTER)
        settled = 0
        for each in due:
            settled += await self._settle(each)
        return settled

    async def _settle(self, each: unsure.Unsure) -> int:
        remembered = await self._ask(each)
        moment = now()
        async with self.units.begin(each.workspace) as unit:
            if remembered:
                await self._apply(unit, each, remembered)
            elif each.status == Status.UNSURE and each.since < moment - GIVE_UP_AFTER:
                await self._give_up(unit, each)
            await unsure.asked(unit, each.message, moment)
        return len(remembered) > 0

    async def _ask(self, each: unsure.Unsure) -> Sequence[HistoryEntry]:
        """What the provider remembers of the message; nothing when it never gave us an id for it."""
        if each.provider_id is None or each.status != Status.UNSURE:
            return ()
        keys = await self.people.keys_of([(each.workspace, each.contact)])
        if each.contact not in keys:
            return ()
        channel = await self.routes.get(each.channel)
        provider_id = arrivals.PROVIDER_ID.unseal(keys[each.contact], each.workspace, each.message, each.provider_id)
        try:
            return await self.drivers[channel.kind].history(channel.access, provider_id)
        except SendFailed:
            return ()

    async def _apply(self, unit: Unit, each: unsure.Unsure, remembered: Sequence[HistoryEntry]) -> None:
        reported = [
            _reported(each.workspace, each.message, PROVIDER_STATUS[entry.status], entry)
            for entry in remembered
            if entry.status in PROVIDER_STATUS
        ]
        if reported:
            await note(unit, self.people.scopes, await statuses.apply(unit, reported))

    async def _give_up(self, unit: Unit, each: unsure.Unsure) -> None:
        given_up = statuses.Reported(
            each.workspace, each.message, statuses.WHOLE, Status.FAILED, statuses.WHOLE, now(), GAVE_UP, None
        )
        await note(unit, self.people.scopes, await statuses.apply(unit, [given_up]))


def _reported(workspace: WorkspaceId, message: MessageId, status: Status, entry: HistoryEntry) -> statuses.Reported:
    at = from_unix(entry.at)
    return statuses.Reported(workspace, message, statuses.WHOLE, status, statuses.WHOLE, at, None, None)
