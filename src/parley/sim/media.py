"""Files of the simulated Meta: ids that live for days, download URLs that live for five minutes."""

import base64
import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field

from parley.sim.names import new_object_id
from parley.sim.refusals import MetaError, unknown_object

URL_SECONDS = 300.0  # a download URL dies after five minutes
UPLOADED_SECONDS = 30 * 86400.0
RECEIVED_SECONDS = 7 * 86400.0
MOST_BYTES = 256 * 1024 * 1024  # of all files together; the oldest go first

_MEGABYTE = 1024 * 1024
UPLOAD_LIMITS = {  # bytes, by the first part of the MIME type
    "image": 5 * _MEGABYTE,
    "video": 16 * _MEGABYTE,
    "audio": 16 * _MEGABYTE,
}
STICKER_LIMIT = 500 * 1024
DOCUMENT_LIMIT = 100 * _MEGABYTE
ACCEPTED = {
    "image": {"image/jpeg", "image/png", "image/webp"},
    "video": {"video/mp4", "video/3gpp", "video/3gp"},
    "audio": {"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/opus"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """One file. `expires_at` in Unix seconds of the simulator's clock."""

    id: str
    content: bytes = field(repr=False)
    mime_type: str
    expires_at: float

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def sha256_base64(self) -> str:
        """As webhooks spell it."""
        return base64.b64encode(hashlib.sha256(self.content).digest()).decode()


class MediaShelf:
    """Files by id, bounded in bytes."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, Media] = OrderedDict()
        self._bytes = 0

    def put(self, content: bytes, mime_type: str, expires_at: float) -> Media:
        media = Media(id=new_object_id(), content=content, mime_type=mime_type, expires_at=expires_at)
        self._files[media.id] = media
        self._bytes += len(content)
        while self._bytes > MOST_BYTES and len(self._files) > 1:
            _, oldest = self._files.popitem(last=False)
            self._bytes -= len(oldest.content)
        return media

    def get(self, media_id: str, now: float) -> Media | None:
        media = self._files.get(media_id)
        return media if media is not None and media.expires_at > now else None

    def find(self, media_id: str, now: float) -> Media:
        media = self.get(media_id, now)
        if media is None:
            raise unknown_object(media_id)
        return media

    def drop(self, media_id: str) -> None:
        media = self._files.pop(media_id, None)
        self._bytes -= len(media.content) if media else 0

    def clear(self) -> None:
        self._files.clear()
        self._bytes = 0


def check_upload(content: bytes, mime_type: str) -> None:
    """Refuse what Meta does not take: 100 for a type, 131053 for a size."""
    plain = mime_type.split(";", maxsplit=1)[0].strip().lower()
    family = plain.split("/", maxsplit=1)[0]
    accepted = ACCEPTED.get(family)
    if not plain or (accepted is not None and plain not in accepted):
        raise MetaError(100, f"Param file must be of a supported type; got '{mime_type}'.")
    limit = STICKER_LIMIT if plain == "image/webp" else UPLOAD_LIMITS.get(family, DOCUMENT_LIMIT)
    if len(content) > limit:
        raise MetaError(131053, f"A file of type {plain} may have at most {limit} bytes; this one has {len(content)}.")
    if not content:
        raise MetaError(131053, "The file is empty.")


SAMPLES: dict[str, tuple[str, bytes]] = {  # what a phone sends when the test names no file
    "image": (
        "image/png",
        base64.b64decode(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        ),
    ),
    "video": ("video/mp4", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"),
    "audio": ("audio/ogg; codecs=opus", b"OggS\x00\x02" + bytes(22)),
    "document": ("application/pdf", b"%PDF-1.4\n%%EOF\n"),
    "sticker": ("image/webp", b"RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f" + bytes(12)),
}
