"""Meta as far as sending goes: it takes messages, refuses them as told, and reports how far they came."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime

from parley.core.content import Content
from parley.core.errors import Fault
from parley.core.time import now
from parley.modules.channels.domain import ChannelAccess
from parley.modules.channels.inbound import Inbound, MediaFile, ProviderError
from parley.modules.channels.ports import ChannelDriver, FileFacts, HistoryEntry, Outgoing, Receipt, SendFailed

Rule = Callable[[Outgoing], SendFailed | None]


class Provider:
    """Reads and checks as the real adapter does. What `refuse` answers is raised; `unheard` was taken all the same."""

    kind = "whatsapp"

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        """What it took, in order."""
        self.sent_at: list[datetime] = []
        self.tokens: list[str] = []
        self.attempts: list[Outgoing] = []
        self.refuse: Rule = lambda _: None
        self.unheard: Rule = lambda _: None
        self.read: list[tuple[str, bool]] = []
        """Messages marked as read, and whether we type."""
        self.unread: list[SendFailed] = []
        """Raised first, one a try to mark a message as read."""
        self.gate: asyncio.Event | None = None
        self._real: ChannelDriver | None = None

    def over(self, real: ChannelDriver) -> "Provider":
        self._real = real
        return self

    @property
    def real(self) -> ChannelDriver:
        assert self._real is not None
        return self._real

    def forget(self) -> None:
        """What it was told so far."""
        for told in (self.sent, self.sent_at, self.tokens, self.attempts, self.read):
            told.clear()

    def texts(self) -> list[str | None]:
        return [each.content.text for each in self.sent]

    async def send(self, access: ChannelAccess, message: Outgoing) -> Receipt:
        self.attempts.append(message)
        self.tokens.append(access.token)
        if self.gate is not None:
            await self.gate.wait()
        refusal = self.refuse(message)
        if refusal is not None:
            raise refusal
        self.sent.append(message)
        self.sent_at.append(now())
        lost = self.unheard(message)
        if lost is not None:
            raise lost
        return Receipt(provider_id=provider_id(message))

    def parse(self, body: bytes, received_at: datetime) -> Sequence[Inbound]:
        return self.real.parse(body, received_at)

    def check(self, content: Content) -> Sequence[Fault]:
        return self.real.check(content)

    def check_file(self, kind: str, file: FileFacts) -> Sequence[Fault]:
        return self.real.check_file(kind, file)

    async def mark_read(self, access: ChannelAccess, provider_id: str, *, typing: bool) -> None:
        if self.unread:
            raise self.unread.pop(0)
        self.read.append((provider_id, typing))

    def explain(self, error: ProviderError) -> SendFailed:
        return self.real.explain(error)

    async def history(self, access: ChannelAccess, provider_id: str) -> Sequence[HistoryEntry]:
        return ()

    def download(self, access: ChannelAccess, file: MediaFile) -> AsyncIterator[bytes]:
        return self.real.download(access, file)

    async def upload(self, access: ChannelAccess, data: bytes, content_type: str, filename: str) -> str:
        return "provider-file"


def provider_id(message: Outgoing) -> str:
    """The id it gives a message: the same in every run."""
    return f"wamid.{message.message_id.hex}"
