"""Why PostgreSQL ended, read from what it wrote, as one sentence with the mend."""

import os
import re
from pathlib import Path

from parley.kit.postgres.layout import Layout

TAIL_BYTES = 16_384  # a failed start says why in its last lines
SERIOUS = re.compile(r"(?:FATAL|PANIC|ERROR|error):\s+(.*)")
HELD_BY_PREDECESSOR = ("pre-existing shared memory block", 'lock file "postmaster.pid" already exists')

MENDS = (
    ("No space left on device", "The disk of {root} is full. Free some space; PostgreSQL then starts by itself."),
    ("Disk quota exceeded", "The disk quota of {root} is used up. Free some space; PostgreSQL then starts by itself."),
    ("Read-only file system", "{root} is on a read-only disk. Set PARLEY_DATA_DIR to a folder that can be written."),
    ("Permission denied", "PostgreSQL may not use {root}: {said}. Check who owns the folders in it."),
    ("Cannot allocate memory", "Not enough memory for PostgreSQL: {said}. Free some memory, then start again."),
    ("could not map anonymous shared memory", "Not enough memory for PostgreSQL. Free some memory, then start again."),
)


class Words:
    """What a server writes from now on: PostgreSQL's own log and what it says before that begins."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._sizes = {path: path.stat().st_size for path in self._files()}

    def read(self) -> str:
        """What was written since, its last 16 KiB a file."""
        return "\n".join(_tail(path, self._sizes.get(path, 0)) for path in self._files())

    def _files(self) -> list[Path]:
        return [path for path in (self._layout.first_words, *sorted(self._layout.log.glob("*.log"))) if path.is_file()]


def held_by_predecessor(words: str) -> bool:
    """Whether it could not start because processes of an earlier server are still leaving."""
    return any(mark in words for mark in HELD_BY_PREDECESSOR)


def diagnose(words: str, layout: Layout, *, otherwise: str) -> str:
    """The sentence for people; `otherwise` says how the process ended when it left no reason."""
    reasons = SERIOUS.findall(words)
    said = reasons[-1].strip().rstrip(".") if reasons else otherwise
    for mark, sentence in MENDS:
        if mark in words:
            return sentence.format(root=layout.root, said=said)
    return f"PostgreSQL in {layout.root} can't start: {said}. Its log is in {layout.log}."


def _tail(path: Path, start: int) -> str:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        # A file that became shorter was begun anew.
        file.seek(max(start if start <= size else 0, size - TAIL_BYTES))
        return file.read().decode(errors="replace")
