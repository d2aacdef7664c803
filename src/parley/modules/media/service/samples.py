"""Files of ours outside messages: a provider wants samples of templates and pictures of profiles by a handle."""

from collections.abc import Mapping
from typing import Final

from parley.core.errors import InvalidInput, NotFound, fault
from parley.core.ids import parse_public
from parley.kit.unit import Caller
from parley.modules.channels import Channel, told_by_provider
from parley.modules.channels.ports import SendFailed
from parley.modules.media.ports import SampleProvider
from parley.modules.media.service.library import MediaLibrary, OpenFile
from parley.modules.media.sniff import ending_of

MOST_BYTES: Final = 16 * 1024 * 1024
"""It is held in memory while it is uploaded; a sample need not be larger, nor may a video be (Meta)."""
TYPES: Final = ("image/jpeg", "image/png", "video/mp4", "application/pdf")
"""What Meta takes as a sample (September 2026)."""


class SampleDesk:
    """Implements the channels room's Samples."""

    def __init__(self, library: MediaLibrary, providers: Mapping[str, SampleProvider]) -> None:
        self._library = library
        self.providers = providers

    async def handle_of(self, channel: Channel, caller: Caller, named: tuple[str, str]) -> str:
        """The handle of a file (`med_…`); `named` has it and the pointer to its place. Raises ParleyError."""
        pointer, name = named
        file = await self._open(channel, caller, named)
        if file.content_type not in TYPES:
            raise _wrong(pointer, "not_allowed", f"Use one of: {', '.join(TYPES)}.")
        if file.size > MOST_BYTES:
            raise _wrong(pointer, "too_large", "A sample has at most 16 MB.")
        content = b"".join([chunk async for chunk in file.chunks])
        filename = file.filename or f"{name}{ending_of(file.content_type)}"
        try:
            return await self.providers[channel.kind].upload_sample(
                channel.access, content, file.content_type, filename
            )
        except SendFailed as error:
            raise told_by_provider(error) from error

    async def _open(self, channel: Channel, caller: Caller, named: tuple[str, str]) -> OpenFile:
        pointer, name = named
        media = parse_public("med", name)
        if media is None:
            raise _wrong(pointer, "unknown_file", "An id of a file looks like med_ and 32 hex digits.")
        try:
            return await self._library.open_file(channel.workspace, media, caller)
        except NotFound as error:
            raise _wrong(
                pointer, "unknown_file", "There is no such file in this workspace; upload it (again)."
            ) from error


def _wrong(pointer: str, code: str, sentence: str) -> InvalidInput:
    return InvalidInput("The file can't be used here.", [fault(pointer, code, sentence)])
