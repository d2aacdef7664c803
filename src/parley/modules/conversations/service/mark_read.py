"""Tell a person that their message was read, and perhaps that we type.

The provider is asked at once, and the answer says what it did: a typing sign is worth nothing later, and a mark that
was lost is repeated by whoever wanted it, for doing it twice changes nothing more. No unit is held meanwhile.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from parley.core.errors import Conflict, InvalidInput, Refused, Unavailable, fault
from parley.core.ids import MessageId, WorkspaceId
from parley.kit.unit import Caller, Units
from parley.modules.channels import Channel, Routes
from parley.modules.channels.ports import ChannelDriver, Remedy, SendFailed
from parley.modules.conversations.service.read import get_message
from parley.modules.privacy import People

SECONDS = 10.0
"""A provider that takes longer is asked again by the caller."""
ATTEMPTS = 2
PAUSE_SECONDS = 0.5
"""Before the second attempt: a moment's trouble is over by then, and nobody waits long."""
_AGAIN = frozenset({Remedy.RETRY, Remedy.UNSURE})
_SLOW = frozenset({Remedy.RETRY, Remedy.UNSURE, Remedy.THROTTLE_NUMBER, Remedy.THROTTLE_PAIR})


@dataclass(frozen=True, slots=True)
class Receipts:
    """What marking as read needs."""

    units: Units
    people: People
    routes: Routes
    drivers: Mapping[str, ChannelDriver]

    async def mark_read(
        self, workspace: WorkspaceId, message: MessageId, *, typing: bool, caller: Caller | None = None
    ) -> None:
        """Mark a message of theirs, and those before it. Raises NotFound, InvalidInput, Refused, Unavailable."""
        channel, provider_id = await self._find(workspace, message, caller)
        driver = self.drivers[channel.kind]
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with asyncio.timeout(SECONDS):
                    await driver.mark_read(channel.access, provider_id, typing=typing)
            except TimeoutError:
                raise Unavailable("The provider did not answer in time; try again.", retry_after=5) from None
            except SendFailed as error:
                if error.remedy in _AGAIN and attempt < ATTEMPTS:
                    await asyncio.sleep(PAUSE_SECONDS)
                    continue
                if error.remedy in _SLOW:
                    raise Unavailable(error.title, retry_after=error.retry_after or 5) from error
                raise Refused(error.title, code="refused_by_provider") from error
            return

    async def _find(self, workspace: WorkspaceId, wanted: MessageId, caller: Caller | None) -> tuple[Channel, str]:
        async with self.units.begin(workspace, caller=caller) as unit:
            message = await get_message(unit, self.people, wanted)
        if message.row.outbound:
            sentence = "Only what a person sent can be marked as read."
            raise InvalidInput("This is a message of ours.", [fault("/message_id", "outbound", sentence)])
        if message.provider_id is None:
            raise Conflict("The person was erased, or the provider's id of the message is not known.")
        return await self.routes.get(message.row.channel), message.provider_id
