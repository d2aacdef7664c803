"""Small secrets and notes that a process keeps in files of its own (0600), written whole or not at all."""

import base64
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from parley.core.errors import ParleyError
from parley.core.ids import random_bytes


class CannotKeep(ParleyError):
    code = "data_folder_unusable"


def keep(path: Path, text: str) -> None:
    """Write a private file, replacing what was there. Raises CannotKeep."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            draft.unlink()
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise CannotKeep(
            f"{path} can't be written: {error.strerror}. Free some space, start as the user who owns the folder, "
            "or set PARLEY_DATA_DIR to another."
        ) from None


def kept(path: Path) -> str | None:
    """What was kept there; None when nothing was."""
    try:
        return path.read_text().strip() or None
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise CannotKeep(f"{path} can't be read ({error}). Start as the user who owns it, or remove it.") from None


def kept_or_new(path: Path, make: Callable[[], str]) -> str:
    """What was kept there, else something new, kept from now on."""
    found = kept(path)
    if found is None:
        found = make()
        keep(path, found)
    return found


def new_phrase() -> str:
    """A secret that can be typed: 24 letters and digits (120 bits) in groups of six."""
    letters = base64.b32encode(random_bytes(15)).decode().lower()
    return "-".join(letters[at : at + 6] for at in range(0, len(letters), 6))
