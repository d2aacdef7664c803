"""The test channel as a channel: WhatsApp's rules and words, and nobody at the other end."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime

from parley.adapters.sandbox.payloads import deliveries_of
from parley.adapters.sandbox.recipients import outcome_of
from parley.adapters.whatsapp.check import check
from parley.adapters.whatsapp.errors import explain
from parley.adapters.whatsapp.files import check_file
from parley.adapters.whatsapp.parse import parse
from parley.adapters.whatsapp.render import own_files, render
from parley.core.content import Content
from parley.core.errors import Fault, Unavailable
from parley.core.time import now
from parley.modules.channels import TEST_KIND
from parley.modules.channels.inbound import Inbound, MediaFile, ProviderError
from parley.modules.channels.ports import (
    ChannelAccess,
    FileFacts,
    HistoryEntry,
    Outgoing,
    PlannedDelivery,
    Receipt,
    Remedy,
    SendFailed,
)

_NO_FILE: tuple[bytes, ...] = ()
Plan = Callable[[Sequence[PlannedDelivery]], Awaitable[None]]


class SandboxDriver:
    """Implements the channel driver without a network. What it would be told comes in as Meta's webhooks do."""

    kind = TEST_KIND

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def parse(self, body: bytes, received_at: datetime) -> Sequence[Inbound]:
        return parse(body, received_at)

    def check(self, content: Content) -> Sequence[Fault]:
        return check(content)

    def check_file(self, kind: str, file: FileFacts) -> Sequence[Fault]:
        return check_file(kind, file)

    def explain(self, error: ProviderError) -> SendFailed:
        return explain(error)

    async def send(self, access: ChannelAccess, message: Outgoing) -> Receipt:
        """Take one message as Meta would, and plan what becomes of it. Raises SendFailed."""
        if left := own_files(render(message)):
            title = f"The file {min(left)} was not uploaded. Upload it before sending."
            raise SendFailed(Remedy.TELL_SENDER, code=131009, title=title)
        provider_id = f"wamid.test.{message.message_id.hex}"
        try:
            await self._plan(deliveries_of(access, message, provider_id, outcome_of(message.to.phone), now()))
        except Unavailable as error:
            raise SendFailed(Remedy.RETRY, code=0, title="The database went away before this was sent") from error
        return Receipt(provider_id=provider_id)

    async def mark_read(self, access: ChannelAccess, provider_id: str, *, typing: bool) -> None:
        """Nobody sees it."""

    async def history(self, access: ChannelAccess, provider_id: str) -> Sequence[HistoryEntry]:  # noqa: ARG002 - the port's
        """Nothing: what was planned comes in by itself."""
        return ()

    async def download(self, access: ChannelAccess, file: MediaFile) -> AsyncIterator[bytes]:  # noqa: ARG002 - the port's
        """Nobody sends files here. Raises SendFailed."""
        for chunk in _NO_FILE:
            yield chunk
        raise SendFailed(Remedy.FINAL, code=131052, title=f"The test channel has no file {file.provider_id}.")

    async def upload(
        self,
        access: ChannelAccess,  # noqa: ARG002 - the port's
        data: bytes,  # noqa: ARG002 - the port's
        content_type: str,  # noqa: ARG002 - the port's
        filename: str,  # noqa: ARG002 - the port's
    ) -> str:
        """A file's id, as if it had been stored."""
        return "test-file"
