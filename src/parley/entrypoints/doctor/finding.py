"""What the doctor says: one line, and the mend."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "note", "wrong"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check. `note` is worth knowing and stops nothing; `wrong` has to be mended."""

    name: str
    state: State
    detail: str
    mend: str | None = None


def ok(name: str, detail: str) -> Finding:
    """All is well here."""
    return Finding(name=name, state="ok", detail=detail)


def note(name: str, detail: str, mend: str | None = None) -> Finding:
    """Worth knowing."""
    return Finding(name=name, state="note", detail=detail, mend=mend)


def wrong(name: str, detail: str, mend: str) -> Finding:
    """To be mended."""
    return Finding(name=name, state="wrong", detail=detail, mend=mend)
