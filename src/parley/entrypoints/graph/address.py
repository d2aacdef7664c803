"""What an address of the façade means: whose dialect, which version, which object."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from parley.modules.partners import MetaRefusal, unknown_path

PREFIX: Final = "/graph"
OLDEST: Final = 20
NEWEST: Final = 26
"""Versions of the Graph API that are answered; all alike."""
OLD_VERSION: Final = 2635

_VERSION = re.compile(r"v(\d{1,3})(\.\d{1,2})?\Z")

Dialect = Literal["meta", "d360"]
"""Whose addresses and header: Meta's, or 360dialog's."""


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of a path below the dialect and the version."""

    dialect: Dialect
    version: str | None
    """As written (`v23.0`); None when it was left out."""
    parts: tuple[str, ...]

    @property
    def root(self) -> str:
        """The path that stands for Meta's root of this version."""
        if self.dialect == "d360":
            return f"{PREFIX}/d360"
        return f"{PREFIX}/{self.version}" if self.version else PREFIX


def is_ours(path: str) -> bool:
    """Whether a path is of the façade."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def read_address(path: str) -> Address:
    """The address. Raises MetaRefusal for a version that is not answered."""
    parts = tuple(part for part in path.removeprefix(PREFIX).split("/") if part)
    if parts[:1] == ("d360",):
        return Address("d360", None, parts[1:])
    written = _VERSION.match(parts[0]) if parts else None
    if written is None:
        return Address("meta", None, parts)
    if int(written[1]) < OLDEST:
        raise MetaRefusal(OLD_VERSION, f"Use a version from v{OLDEST}.0 to v{NEWEST}.0.")
    if int(written[1]) > NEWEST:
        raise unknown_path(parts)
    return Address("meta", f"v{written[1]}{written[2] or '.0'}", parts[1:])
