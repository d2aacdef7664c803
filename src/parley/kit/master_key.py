"""The master key: 32 bytes in a file of its own (0600), outside the database. Whoever loses it loses every content."""

import base64
import os
import stat
from pathlib import Path
from uuid import UUID

from parley.core.errors import ParleyError
from parley.kit.crypto import Key, new_secret

MASTER_ID = UUID(int=1)
_KEY_BYTES = 32
_HEADER = "parley-master-key-v1 "


class BadMasterKey(ParleyError):
    code = "bad_master_key"


def load_master_key(path: Path, *, create: bool) -> Key:
    """The key in this file; made when it isn't there and `create` says so. Raises BadMasterKey."""
    if not path.exists():
        if not create:
            raise BadMasterKey(
                f"The master key file {path} is missing. Put the file back from where you keep it safe; "
                "without it nothing stored can be read."
            )
        _create(path)
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise BadMasterKey(f"The master key file {path} is open to others ({mode:o}); run: chmod 600 {path}")
    text = path.read_text().strip()
    try:
        secret = base64.b64decode(text.removeprefix(_HEADER), validate=True)
    except ValueError:
        secret = b""
    if not text.startswith(_HEADER) or len(secret) != _KEY_BYTES:
        raise BadMasterKey(f"{path} is not a Parley master key; put the right file back.")
    return Key.of(MASTER_ID, secret)


def _create(path: Path) -> None:
    """Write a new key so that a crash leaves either no file or a whole one, and two starters agree on one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(_HEADER + base64.b64encode(new_secret()).decode() + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
