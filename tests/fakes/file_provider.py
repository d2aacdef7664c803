"""A channel's driver as far as files go: it holds files that can be downloaded, and takes uploads."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from parley.core.content import Content
from parley.core.errors import Fault
from parley.modules.channels.domain import ChannelAccess
from parley.modules.channels.inbound import Inbound, MediaFile, ProviderError
from parley.modules.channels.ports import FileFacts, HistoryEntry, Outgoing, Receipt, Remedy, SendFailed

CHUNK = 40_000
"""Unlike the chunks that files are stored in."""


@dataclass(slots=True)
class FileProvider:
    """`files` by provider id. `failures` are raised first, one a download or upload; `gate` holds both up."""

    kind: str = "whatsapp"
    files: dict[str, bytes] = field(default_factory=dict)
    uploads: list[tuple[str, bytes, str, str]] = field(default_factory=list)
    """(number id, content, content type, filename)."""
    failures: list[Exception] = field(default_factory=list)
    gate: asyncio.Event | None = None
    downloads: int = 0
    at_once: int = 0
    most_at_once: int = 0

    async def download(self, access: ChannelAccess, file: MediaFile) -> AsyncIterator[bytes]:
        self.downloads += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self._pass()
            content = self.files.get(file.provider_id)
            if content is None:
                raise SendFailed(Remedy.FINAL, code=100, title="No such file")
            for start in range(0, len(content), CHUNK):
                yield content[start : start + CHUNK]
        finally:
            self.at_once -= 1

    async def upload(self, access: ChannelAccess, data: bytes, content_type: str, filename: str) -> str:
        await self._pass()
        self.uploads.append((access.number_id, data, content_type, filename))
        return f"provider-file-{len(self.uploads)}"

    async def _pass(self) -> None:
        if self.gate is not None:
            await self.gate.wait()
        if self.failures:
            raise self.failures.pop(0)

    def parse(self, body: bytes, received_at: datetime) -> Sequence[Inbound]:
        return ()

    def check_file(self, kind: str, file: FileFacts) -> Sequence[Fault]:
        return ()

    async def mark_read(self, access: ChannelAccess, provider_id: str, *, typing: bool) -> None:
        raise NotImplementedError

    def check(self, content: Content) -> Sequence[Fault]:
        return ()

    def explain(self, error: ProviderError) -> SendFailed:
        return SendFailed(Remedy.TELL_SENDER, code=error.code, title=error.title)

    async def send(self, access: ChannelAccess, message: Outgoing) -> Receipt:
        raise SendFailed(Remedy.FINAL, code=0, title="This provider takes files only")

    async def history(self, access: ChannelAccess, provider_id: str) -> Sequence[HistoryEntry]:
        return ()
