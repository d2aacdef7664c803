"""Which files Meta takes, by the kind of message that carries them. State of September 2026."""

from dataclasses import dataclass
from typing import Final

from parley.core.errors import Fault, fault

KIB: Final = 1024
MIB: Final = 1024 * KIB


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLimit:
    """Types and size of a file; no types means any."""

    most_bytes: int
    types: tuple[str, ...] = ()


FILES: Final[dict[str, FileLimit]] = {
    "image": FileLimit(most_bytes=5 * MIB, types=("image/jpeg", "image/png")),
    "video": FileLimit(most_bytes=16 * MIB, types=("video/mp4", "video/3gpp")),
    "audio": FileLimit(most_bytes=16 * MIB, types=("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg")),
    "document": FileLimit(most_bytes=100 * MIB),
    "sticker": FileLimit(most_bytes=500 * KIB, types=("image/webp",)),
}
"""An animated sticker may have 500 KB, a still one 100 KB, which only its bytes tell apart."""


def check_file(kind: str, content_type: str, size: int) -> list[Fault]:
    """Why Meta would refuse a file for a kind of message; the pointer is the message's member of that kind."""
    limit = FILES.get(kind)
    if limit is None:
        return [fault("/type", "not_allowed", f"Use one of: {', '.join(FILES)}.")]
    found: list[Fault] = []
    plain = content_type.partition(";")[0].strip().lower()
    if limit.types and plain not in limit.types:
        found.append(fault(f"/{kind}", "not_allowed", f"Convert the file to one of: {', '.join(limit.types)}."))
    if size > limit.most_bytes:
        sentence = f"Make the file smaller: at most {limit.most_bytes} bytes; it has {size}."
        found.append(fault(f"/{kind}", "too_long", sentence))
    return found
