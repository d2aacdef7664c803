"""Media: files in and out, encrypted, kept for a term."""

from parley.modules.media.domain import KEPT, Media
from parley.modules.media.service.expect_files import ExpectedFile, expect_files
from parley.modules.media.service.fetch import Fetching, MediaFetcher
from parley.modules.media.service.library import MediaLibrary, OpenFile
from parley.modules.media.service.read import find_by_provider_id, get_media, list_media, media_by_id, media_of_messages
from parley.modules.media.service.samples import SampleDesk
from parley.modules.media.service.sweep import MediaSweeper
from parley.modules.media.service.upload import Kept, Upload
from parley.modules.media.store import move as move_media
from parley.modules.media.store import waiting as media_waiting

__all__ = [
    "KEPT",
    "ExpectedFile",
    "Fetching",
    "Kept",
    "Media",
    "MediaFetcher",
    "MediaLibrary",
    "MediaSweeper",
    "OpenFile",
    "SampleDesk",
    "Upload",
    "expect_files",
    "find_by_provider_id",
    "get_media",
    "list_media",
    "media_by_id",
    "media_of_messages",
    "media_waiting",
    "move_media",
]
