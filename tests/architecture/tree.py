"""The tree of the repository as the architecture tests see it."""

import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

NOT_OURS = {".git", ".venv", "node_modules", "data", "__pycache__"}


@cache
def files() -> tuple[Path, ...]:
    """Every file that is, or would be, committed; relative to the root. Without git (an archive) a plain walk."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
            timeout=20,
        ).stdout.split("\0")
        return tuple(sorted(Path(name) for name in listed if name and (ROOT / name).is_file()))
    return tuple(sorted(_walk(ROOT)))


def _walk(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name not in NOT_OURS and not entry.name.startswith("."):
            yield from _walk(entry)
        elif entry.is_file():
            yield entry.relative_to(ROOT)


def python_files() -> tuple[Path, ...]:
    return tuple(path for path in files() if path.suffix == ".py")


@cache
def text(path: Path) -> str:
    """The text of a file, or nothing when it is not text."""
    try:
        return (ROOT / path).read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def told(offences: list[str], instead: str) -> str:
    """The message of a broken rule: what is wrong, then what to do instead."""
    return "\n".join([*offences, "", instead])
