"""Files in and out: what is known of each, how long it is kept, when a failed fetch is tried again. Pure."""

import base64
import binascii
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from parley.core.ids import ChannelId, ContactId, MediaId, MessageId, WorkspaceId
from parley.modules.channels.ports import FileFacts, Remedy

KEPT = timedelta(days=30)
"""How long a file is kept unless a retention rule says otherwise; Meta keeps uploads as long."""
PROVIDER_KEEPS = timedelta(days=7)
"""An inbound file can be fetched from Meta this long; after that nobody has it."""
UPLOAD_LIVES = timedelta(days=29)
"""A provider's id of our upload is used this long; Meta forgets it after 30 days."""

PAUSES = tuple(
    timedelta(seconds=s) for s in (10, 60, 300, 1_800, 7_200, 21_600, 43_200, 86_400, 86_400, 86_400, 86_400)
)
"""Waited after each failed fetch: soon at first, then seldom, together most of the seven days a provider keeps it."""
GIVE_UP: frozenset[Remedy] = frozenset({Remedy.FINAL, Remedy.OPTED_OUT})
"""Failures that no later attempt can mend."""

SENDABLE = ("image", "video", "audio", "voice", "document", "sticker")
"""Kinds of message that carry a file; `voice` is `audio` with `"voice": true`."""
OCTETS = "application/octet-stream"
MAX_FILENAME = 240
"""Characters; file systems take 255 bytes, and an ending must survive."""
SHA256_BYTES = 32
PROVIDER_REF = "media"
"""What the blind index of a provider's id of a file is of."""

_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]+")
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\Z")

MediaState = Literal["fetching", "stored", "failed"]
Kind = Literal["image", "video", "audio", "document", "sticker"]


class About(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of a file and says something of a person; kept sealed under the key that the file is under."""

    filename: str | None = None
    declared: str | None = None
    """The content type that the sender or provider gave."""
    sniffed: str | None = None
    """The content type its first bytes show; None when they show none."""
    content_type: str | None = None
    """The one to use, settled from both."""
    sha256: str | None = None
    """Of the content that is kept, in hex."""
    provider_id: str | None = None
    url: str | None = None
    animated: bool = False
    """A picture that moves."""
    opus: bool = False
    """Sound in Opus."""
    promised: str | None = None
    """The SHA-256 that the provider gave, as sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file as read: what is known of it opened (all None when its person was erased)."""

    id: MediaId
    workspace: WorkspaceId
    contact: ContactId | None
    message: MessageId | None
    channel: ChannelId | None
    state: MediaState
    kind: str
    size: int | None
    about: About
    problem: str | None
    """Why it failed, as a word."""
    created_at: datetime
    expires_at: datetime

    @property
    def facts(self) -> FileFacts:
        """What decides who takes it."""
        about = self.about
        return FileFacts(content_type=self.content_type, size=self.size or 0, animated=about.animated, opus=about.opus)

    @property
    def content_type(self) -> str:
        return self.about.content_type or self.about.declared or OCTETS


def next_attempt(attempts: int, created_at: datetime, now: datetime, jitter: float) -> datetime | None:
    """When a fetch that failed for the `attempts`-th time is due again; None when it is given up.

    `jitter` is 0 to 1 and spreads the pause by a fifth either way, so that files failed together don't return together.
    """
    if attempts > len(PAUSES):
        return None
    due = now + PAUSES[attempts - 1] * (0.8 + 0.4 * jitter)
    return due if due < created_at + PROVIDER_KEEPS else None


def kind_of(word: str, content_type: str | None) -> Kind:
    """The kind of a file, by the provider's word for it or else by its content type."""
    family = (content_type or "").partition("/")[0]
    for each in (word, family):
        match each:
            case "image" | "video" | "audio" | "document" | "sticker":
                return each
            case "voice":
                return "audio"
    return "document"


def read_type(text: str | None) -> str | None:
    """A content type without its parameters, in lower case; None when it is none."""
    plain = (text or "").partition(";")[0].strip().lower()
    return plain if _TYPE.match(plain) else None


def read_filename(text: str | None) -> str | None:
    """A file's name without folders, control characters or what some system refuses; None when nothing is left."""
    last = re.split(r"[/\\]", text or "")[-1]
    shown = "".join(c for c in _UNSAFE.sub("_", last) if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    name = shown.strip(" .")
    if len(name) <= MAX_FILENAME:
        return name or None
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= 10:  # noqa: PLR2004 - longer is no ending
        return stem[: MAX_FILENAME - len(ending) - 1] + dot + ending
    return name[:MAX_FILENAME]


def read_digest(text: str | None) -> bytes | None:
    """A SHA-256 written in hex or base64 (Meta uses both); None when it is neither and nothing can be checked."""
    if not text:
        return None
    try:
        if len(text) == 2 * SHA256_BYTES:
            return bytes.fromhex(text)
        found = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return None
    return found if len(found) == SHA256_BYTES else None
