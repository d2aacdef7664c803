"""Read an account's templates at its provider: on demand, after a webhook that tells too little, and once a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from parley.core.errors import NotFound
from parley.core.ids import WorkspaceId
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Unit, Units
from parley.modules.channels import Channel, Routes
from parley.modules.channels.events import ChannelAdded
from parley.modules.channels.ports import SendFailed
from parley.modules.templates import store
from parley.modules.templates.domain import READ_AGAIN, SYNC_HELD, SYNC_RETRY, Seen
from parley.modules.templates.ports import TemplateProvider
from parley.modules.templates.service.accounts import channel_of_account
from parley.modules.templates.service.follow import see

AT_ONCE = 4
"""Accounts read by one worker in one go, one after the other."""
MOST_PAGES = 100
"""An account has at most 6 000 templates in all languages of a name as one; more pages than this are a mistake."""
NOT_REACHED = 0
"""The problem's code of an account that no channel leads to any more."""

log = structlog.get_logger("parley.templates")


async def request_sync(unit: Unit, accounts: Sequence[str]) -> list[store.Sync]:
    """Have these accounts of the unit's workspace read now."""
    found = [await store.request_sync(unit, WorkspaceId(unit.workspace), each, now()) for each in sorted(set(accounts))]
    unit.wake("templates")
    return found


async def sync_added(unit: Unit, added: Sequence[ChannelAdded]) -> None:
    """A channel was added: its account's templates are read."""
    for each in added:
        account = str((each.detail or {}).get("waba_id", ""))
        if account:
            await store.request_sync(unit, WorkspaceId(each.workspace), account, now())
    unit.wake("templates")


@dataclass(frozen=True, slots=True)
class Syncing:
    """The lane that reads accounts."""

    units: Units
    keys: KeyService
    routes: Routes
    providers: Mapping[str, TemplateProvider]

    async def work(self) -> int:
        """Read the accounts that are due; how many."""
        async with self.units.begin(lane="claim") as unit:
            due = await store.claim_syncs(unit, now(), SYNC_HELD, AT_ONCE)
        for each in due:
            await self._sync(each)
        return len(due)

    async def _sync(self, due: store.DueSync) -> None:
        begun = now()
        try:
            channel = await channel_of_account(self.routes, due.workspace, due.account)
            found = await self._read(channel, due)
            await self._forget(due, begun)
        except (SendFailed, NotFound) as error:
            code = error.code if isinstance(error, SendFailed) else NOT_REACHED
            log.warning("Templates could not be read.", action="template_sync_failed", code=code)
            again = now() + SYNC_RETRY * due.attempt
            await self._finish(due, min(again, now() + READ_AGAIN), (now(), None, int(code)))
            return
        await self._finish(due, now() + READ_AGAIN, (now(), found, None))

    async def _read(self, channel: Channel, due: store.DueSync) -> int:
        """Page by page, each kept in a unit of its own. Raises SendFailed."""
        provider, after, count = self.providers.get(channel.kind), None, 0
        if provider is None:
            return 0
        for _ in range(MOST_PAGES):
            listed = await provider.page(channel.access, after)
            async with self.units.begin(due.workspace) as unit:
                for seen in listed.templates:
                    await see(unit, self.keys, due.workspace, replace(seen, account=due.account))
            count += len(listed.templates)
            after = listed.after
            if after is None:
                break
        return count

    async def _forget(self, due: store.DueSync, begun: datetime) -> None:
        """What the account no longer has is deleted, however it came to that."""
        async with self.units.begin(due.workspace) as unit:
            for account, name, language in await store.unseen(unit, due.account, begun):
                gone = Seen(account=account, name=name, language=language, at=begun, status="DELETED")
                await see(unit, self.keys, due.workspace, gone)

    async def _finish(self, due: store.DueSync, again: datetime, outcome: store.Outcome) -> None:
        async with self.units.begin(due.workspace) as unit:
            await store.finish_sync(unit, due, again, outcome)
