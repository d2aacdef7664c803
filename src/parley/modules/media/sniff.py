"""What a file's first bytes say it is, and which content type holds when sender and bytes differ. Pure."""

import re
from typing import Final

from parley.modules.media.domain import OCTETS

_STARTS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"OggS", "application/ogg"),
    (b"#!AMR", "audio/amr"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"{\\rtf", "application/rtf"),
    (b"\x7fELF", "application/x-elf"),
    (b"#!", "text/x-script"),
)
_RIFF: Final = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BRANDS: Final = {
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"qt  ": "video/quicktime",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heif",
    b"avif": "image/avif",
    b"3gp4": "video/3gpp",
    b"3gp5": "video/3gpp",
    b"3gp6": "video/3gpp",
}
_PDF_WITHIN: Final = 1024
"""A reader accepts rubbish of this length before `%PDF-`."""
_FLAGS_AT: Final = 20
_FIRST_PAGE: Final = 64
_MARKUP: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|script|iframe|svg)\b",
    re.IGNORECASE | re.DOTALL,
)

# A container's first bytes are those of everything that is kept in it.
_HOLDS: Final[dict[str, tuple[str, ...]]] = {
    "application/zip": (
        "application/vnd.openxmlformats-officedocument.",
        "application/vnd.oasis.opendocument.",
        "application/vnd.ms-",
        "application/vnd.android.package-archive",
        "application/vnd.apple.",
        "application/epub+zip",
        "application/java-archive",
        "application/x-zip-compressed",
    ),
    "application/x-ole-storage": ("application/msword", "application/vnd.ms-"),
    "application/ogg": ("audio/ogg", "audio/opus", "video/ogg"),
    "video/mp4": ("audio/mp4", "audio/aac", "audio/x-m4a", "video/3gpp", "video/quicktime"),
    "video/3gpp": ("audio/3gpp", "video/mp4"),
    "video/quicktime": ("video/mp4",),
    "audio/mp4": ("video/mp4", "audio/aac", "audio/x-m4a"),
    "video/webm": ("audio/webm", "video/x-matroska", "audio/x-matroska"),
    "image/heif": ("image/heic",),
    "audio/mpeg": ("audio/mp3",),
    "image/jpeg": ("image/jpg",),
    "audio/wav": ("audio/x-wav", "audio/wave"),
    "application/gzip": ("application/x-gzip", "application/x-tar", "application/x-compressed-tar"),
}
GUESSED: Final = frozenset({"audio/aac", "audio/mpeg", "text/x-script", "application/gzip"})
"""Types that a file of another kind may begin like by accident, or wraps; they overrule no sender."""
UNMISTAKABLE: Final = frozenset(
    {"image/jpeg", "image/jpg", "image/png", "image/gif", "image/webp", "application/pdf", "video/mp4", "audio/ogg"}
)
"""Types whose files always show what they are: one that doesn't is something else, or broken."""
_ENDINGS: Final = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "video/mp4": ".mp4",
    "video/3gpp": ".3gp",
    "audio/aac": ".aac",
    "audio/amr": ".amr",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/ogg": ".ogg",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
}


def sniff(head: bytes) -> str | None:
    """The content type that a file's first bytes (a kilobyte or more) show; None when they show none."""
    for start, content_type in _STARTS:
        if head.startswith(start):
            return content_type
    if head[:2] == b"MZ" and b"\x00" in head[:64]:
        return "application/vnd.microsoft.portable-executable"
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return "application/pdf"
    return _markup(head) or _framed_audio(head)


def is_animated(head: bytes) -> bool:
    """Whether a WebP moves: the second bit of the flags of its extended header."""
    return head[8:16] == b"WEBPVP8X" and len(head) > _FLAGS_AT and bool(head[_FLAGS_AT] & 0x02)


def is_opus(head: bytes) -> bool:
    """Whether the sound in an Ogg file is Opus, as its first page says."""
    return head[:4] == b"OggS" and b"OpusHead" in head[:_FIRST_PAGE]


def settle(declared: str | None, sniffed: str | None) -> str:
    """The content type to use: the sender's where the bytes do not say otherwise."""
    if sniffed is None:
        return declared or OCTETS
    return declared if declared is not None and agrees(declared, sniffed) else sniffed


def agrees(declared: str, sniffed: str) -> bool:
    """Whether a file of the declared type begins like this."""
    return declared == sniffed or declared.startswith(_HOLDS.get(sniffed, "\x00"))


def ending_of(content_type: str) -> str:
    """The ending of a name for a file of this type; empty when none is known."""
    return _ENDINGS.get(content_type, "")


def _markup(head: bytes) -> str | None:
    found = _MARKUP.match(head)
    if found is None:
        return None
    return "image/svg+xml" if found[1].lower() == b"svg" else "text/html"


def _framed_audio(head: bytes) -> str | None:
    """MPEG audio and AAC begin with a frame: eleven or twelve set bits, then layer bits that tell them apart."""
    if len(head) < 2 or head[0] != 0xFF:  # noqa: PLR2004 - the frame's first byte
        return None
    if head[1] & 0xF6 == 0xF0:  # noqa: PLR2004 - twelve set bits, layer 0
        return "audio/aac"
    layer = head[1] & 0x06
    return "audio/mpeg" if head[1] & 0xE0 == 0xE0 and layer in (0x02, 0x04) else None  # noqa: PLR2004
