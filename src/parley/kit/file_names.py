"""How stored files are named: `YYYY-MM-DD/<workspace>.<id>`, and `<id>.draft` while they are written. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

DRAFT = ".draft"


@dataclass(frozen=True, slots=True, order=True)
class FileId:
    """Which file: both are opaque ids, and tell its path."""

    workspace: UUID
    id: UUID

    @property
    def day(self) -> date:
        return moment_of(self.id).date()

    @property
    def name(self) -> str:
        return f"{self.workspace.hex}.{self.id.hex}"

    @property
    def place(self) -> bytes:
        return self.workspace.bytes + self.id.bytes


@dataclass(frozen=True, slots=True)
class Listing:
    """What is in one day's folder: whole files, and drafts by the id that dates them."""

    files: list[FileId]
    drafts: list[UUID]


def moment_of(uuid: UUID) -> datetime:
    """When a UUIDv7 was made."""
    return datetime.fromtimestamp((uuid.int >> 80) / 1000, UTC)


def draft_name(draft: UUID) -> str:
    return f"{draft.hex}{DRAFT}"


def listing_of(names: Iterable[str]) -> Listing:
    """What the names in a folder stand for; those that are not ours are left out."""
    files: list[FileId] = []
    drafts: list[UUID] = []
    for name in names:
        if (file := _file(name)) is not None:
            files.append(file)
        elif name.endswith(DRAFT) and (draft := _uuid(name[: -len(DRAFT)])) is not None:
            drafts.append(draft)
    return Listing(sorted(files), sorted(drafts))


def day_in(name: str) -> date | None:
    """The day of a folder with this name; None when it is not one of ours."""
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None


def _file(name: str) -> FileId | None:
    workspace, _, file = name.partition(".")
    first, second = _uuid(workspace), _uuid(file)
    return FileId(first, second) if first is not None and second is not None else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(hex=text) if len(text) == 32 else None  # noqa: PLR2004 - hex digits of a UUID
    except ValueError:
        return None
