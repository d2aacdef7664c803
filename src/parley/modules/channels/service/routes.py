"""Which channel a provider's ids belong to: all channels in memory, read anew when one changes."""

import asyncio
from collections.abc import Iterable
from uuid import UUID

from parley.core.errors import NotFound
from parley.core.ids import ChannelId, WorkspaceId
from parley.core.time import elapsed_seconds
from parley.kit.keys import KeyService
from parley.kit.unit import Caller, Unit, Units
from parley.modules.channels.domain import TEST_KIND, WIRE, Channel, ChannelAccess, ChannelState
from parley.modules.channels.inbound import Account
from parley.modules.channels.store import channels as store

REFRESH_SECONDS = 30.0
"""A change whose wake-up was lost is seen this late at most."""
MISS_SECONDS = 1.0
"""An unknown number makes us look again no more often than this."""


class Routes:
    """All channels, by provider's ids and by ours."""

    def __init__(self, units: Units, keys: KeyService) -> None:
        self._units = units
        self._keys = keys
        self._by_number: dict[tuple[str, str], Channel] = {}
        self._by_account: dict[tuple[str, str], list[Channel]] = {}
        self._by_id: dict[ChannelId, Channel] = {}
        self._read_at = float("-inf")
        self._stale = True
        self._reading: asyncio.Task[None] | None = None

    def invalidate(self) -> None:
        """Some channel changed."""
        self._stale = True

    async def refresh(self) -> None:
        """Read all channels if a change is known or the last reading is old. Raises Unavailable."""
        while self._stale or self._reading or elapsed_seconds() - self._read_at > REFRESH_SECONDS:
            await self._read()

    async def find(self, kind: str, account: Account) -> Channel | None:
        """The channel a fact is about; for account-wide facts the account's first. None when nobody has it."""
        await self.refresh()
        found = self._match(kind, account)
        if found is None and elapsed_seconds() - self._read_at > MISS_SECONDS:
            await self._read()
            found = self._match(kind, account)
        return found

    async def get(self, channel: ChannelId) -> Channel:
        """One channel of ours. Raises NotFound."""
        await self.refresh()
        found = self._by_id.get(channel)
        if found is None:
            await self._read()
            found = self._by_id.get(channel)
        if found is None:
            raise NotFound("There is no such channel in this workspace.")
        return found

    async def of_workspace(self, workspace: WorkspaceId) -> list[Channel]:
        """The channels of one workspace, oldest first."""
        await self.refresh()
        return sorted((each for each in self._by_id.values() if each.workspace == workspace), key=lambda c: c.id)

    async def workspaces(self) -> list[WorkspaceId]:
        """Those that have a channel."""
        await self.refresh()
        return sorted({each.workspace for each in self._by_id.values()})

    async def modes_of(self, workspace: WorkspaceId) -> dict[UUID, bool]:
        """The channels of one workspace, and whether each is its test channel."""
        return {each.id: each.kind == TEST_KIND for each in await self.of_workspace(workspace)}

    async def seen_by(self, unit: Unit) -> list[Channel]:
        """The channels of a unit's workspace that its caller may see, oldest first."""
        return [each for each in await self.of_workspace(WorkspaceId(unit.workspace)) if unit.shows(each.id)]

    async def seen_for(self, workspace: WorkspaceId, caller: Caller) -> list[Channel]:
        """The same, for a caller who has no unit yet."""
        bounds = caller.bounds
        return [each for each in await self.of_workspace(workspace) if bounds is None or bounds.show(each.id)]

    def _match(self, kind: str, account: Account) -> Channel | None:
        if account.number_id is not None:
            return self._by_number.get((kind, account.number_id))
        return next(iter(self._by_account.get((kind, account.account_id or ""), ())), None)

    async def _read(self) -> None:
        """Read, or wait for the reading under way: nobody goes on with what is known to be stale."""
        if self._reading is None:
            self._reading = asyncio.create_task(self._read_all())
        await asyncio.shield(self._reading)

    async def _read_all(self) -> None:
        self._stale = False
        begun = elapsed_seconds()
        try:
            async with self._units.begin(lane="route") as unit:
                rows = await store.every(unit)
            for row in rows:
                await self._keys.scope(row.workspace)
            self._index([self._open(row) for row in rows])
            self._read_at = begun
        except BaseException:
            self._stale = True
            raise
        finally:
            self._reading = None

    def _index(self, channels: Iterable[Channel]) -> None:
        self._by_id = {each.id: each for each in channels}
        self._by_number = {(_wire(each), each.access.number_id): each for each in self._by_id.values()}
        self._by_account = {}
        for each in self._by_id.values():
            self._by_account.setdefault((_wire(each), each.access.account_id), []).append(each)

    def _open(self, row: store.Row) -> Channel:
        own = self._keys.held(row.workspace)
        state: ChannelState = (
            "active" if row.state == "active" else "paused" if row.state == "paused" else "token_refused"
        )
        return Channel(
            id=row.id,
            workspace=row.workspace,
            kind=row.kind,
            access=ChannelAccess(
                number_id=row.number_id,
                account_id=row.account_id,
                number=store.NUMBER.unseal(own.data, row.workspace, row.id, row.number) if row.number else None,
                token=store.TOKEN.unseal(own.data, row.workspace, row.id, row.token),
            ),
            rate=row.rate,
            state=state,
            state_code=row.state_code,
            paused_until=row.paused_until,
            created_at=row.created_at,
            marketing_messages=row.marketing_messages,
        )


def _wire(channel: Channel) -> str:
    """Whose words come in for a channel."""
    return WIRE.get(channel.kind, channel.kind)
