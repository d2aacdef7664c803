"""Which files Meta takes, by the kind of message that carries them. State of September 2026."""

from dataclasses import dataclass
from typing import Final

from parley.core.errors import Fault, fault
from parley.modules.channels.ports import FileFacts

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
    "voice": FileLimit(most_bytes=16 * MIB, types=("audio/ogg",)),
    "document": FileLimit(most_bytes=100 * MIB),
    "sticker": FileLimit(most_bytes=100 * KIB, types=("image/webp",)),
}
"""`voice` is an audio message that plays as a voice note."""
ANIMATED_STICKER: Final = 500 * KIB
OPUS_ONLY: Final = frozenset({"audio/ogg"})
"""In this container Meta takes Opus and nothing else."""


def check_file(kind: str, file: FileFacts) -> list[Fault]:
    """Why Meta would refuse a file for a kind of message; the pointer is the message's member of that kind."""
    limit = FILES.get(kind)
    if limit is None:
        return [fault("/type", "not_allowed", f"Use one of: {', '.join(FILES)}.")]
    pointer = "/audio" if kind == "voice" else f"/{kind}"
    found: list[Fault] = []
    plain = file.content_type.partition(";")[0].strip().lower()
    if limit.types and plain not in limit.types:
        sentence = f"Convert the file to one of: {', '.join(limit.types)}; it is {plain}."
        found.append(fault(pointer, "not_allowed", sentence))
    elif limit.types and plain in OPUS_ONLY and not file.opus:
        found.append(fault(pointer, "not_allowed", "Convert the sound to Opus (in Ogg, one channel)."))
    most = ANIMATED_STICKER if kind == "sticker" and file.animated else limit.most_bytes
    if file.size > most:
        sentence = f"Make the file smaller: at most {_size(most)}; it has {file.size} bytes."
        found.append(fault(pointer, "too_large", sentence))
    return found


def _size(count: int) -> str:
    return f"{count // MIB} MB" if count >= MIB else f"{count // KIB} KB"
