"""What this room needs of a provider beyond a channel's driver: files that are samples and not messages."""

from typing import Protocol

from parley.modules.channels.ports import ChannelAccess


class SampleProvider(Protocol):
    """One vendor's place for samples of templates and pictures of profiles."""

    async def upload_sample(self, access: ChannelAccess, data: bytes, content_type: str, filename: str) -> str:
        """Store a file; the handle that stands for it there. Storing twice does no harm. Raises SendFailed."""
        ...
