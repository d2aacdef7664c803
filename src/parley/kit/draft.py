"""A file being written: sealed chunk by chunk under a draft's name, then synced and given its own name. Blocking."""

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from parley.core.errors import ParleyError
from parley.core.ids import new_uuid
from parley.kit.crypto import Key
from parley.kit.file_names import draft_name
from parley.kit.sealed_file import CHUNK_BYTES, FileSealer

MAX_FILE_BYTES = 100 * 1024 * 1024
"""The largest file that any provider takes or sends (WhatsApp: documents, 100 MB)."""
HEAD_BYTES = 4096
"""How much of the beginning is handed back, enough to tell what kind of file it is."""


class FileTooLarge(ParleyError):
    code = "file_too_large"


class WrongDigest(ParleyError):
    """The content is not what its SHA-256 promised."""

    code = "wrong_digest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was kept: length and SHA-256 of the content, and its beginning."""

    size: int
    sha256: bytes
    head: bytes


class Draft:
    """One file on its way to the disk. Used by one thread at a time; `discard` always comes last."""

    def __init__(self, folder: Path, key: Key, place: bytes) -> None:
        self._path = folder / draft_name(new_uuid())
        self._sealer = FileSealer(key, place)
        self._file: FileIO | None = None
        self._waiting = bytearray()
        self._digest = hashlib.sha256()
        self._size = 0
        self._head = b""

    def begin(self, root: Path) -> None:
        """Make the draft's file, and the folder it is in below `root`. Raises OSError."""
        try:
            self._open(root)
        except FileNotFoundError:
            # A sweeper removed the empty folder between making it and using it.
            self._open(root)
        self._write(self._sealer.header)

    def add(self, content: bytes) -> None:
        """Take more content. Raises FileTooLarge, OSError."""
        self._size += len(content)
        if self._size > MAX_FILE_BYTES:
            raise FileTooLarge(f"The file is larger than {MAX_FILE_BYTES // (1024 * 1024)} MB; make it smaller.")
        if len(self._head) < HEAD_BYTES:
            self._head += content[: HEAD_BYTES - len(self._head)]
        self._digest.update(content)
        self._waiting += content
        # What fills the buffer exactly is kept back: it may turn out to be the last chunk.
        whole = max(0, (len(self._waiting) - 1) // CHUNK_BYTES) * CHUNK_BYTES
        if whole:
            parts = (bytes(self._waiting[at : at + CHUNK_BYTES]) for at in range(0, whole, CHUNK_BYTES))
            self._write(b"".join(self._sealer.seal(part, last=False) for part in parts))
            del self._waiting[:whole]

    def finish(self, path: Path, sha256: bytes | None) -> Written:
        """Seal the rest, make it durable and give it its name. Raises WrongDigest, OSError."""
        found = self._digest.digest()
        if sha256 is not None and sha256 != found:
            raise WrongDigest("The file arrived damaged: its hash is not the one that was promised.")
        self._write(self._sealer.seal(bytes(self._waiting), last=True))
        os.fsync(self._opened.fileno())
        self._opened.close()
        self._path.rename(path)
        _sync_folder(path.parent)
        return Written(size=self._size, sha256=found, head=self._head)

    def discard(self) -> None:
        """Leave nothing behind of a draft that was not finished."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
                self._path.unlink(missing_ok=True)

    @property
    def _opened(self) -> FileIO:
        if self._file is None:
            raise ValueError("begin() comes first")
        return self._file

    def _open(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path.parent.mkdir(exist_ok=True, mode=0o700)
        self._file = FileIO(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")

    def _write(self, sealed: bytes) -> None:
        rest = memoryview(sealed)
        while rest:
            rest = rest[self._opened.write(rest) or 0 :]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
