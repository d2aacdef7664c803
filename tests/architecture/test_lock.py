"""requirements.lock is complete, exact and hashed, and names no place to download from."""

import re
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.tree import ROOT, told

LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")


def entries() -> list[str]:
    """One string a requirement, its continuation lines joined."""
    lines = (ROOT / "requirements.lock").read_text("utf-8").replace("\\\n", " ").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


def locked() -> dict[str, str]:
    found = (LOCKED.match(entry) for entry in entries())
    return {canonicalize_name(match[1]): match[2] for match in found if match}


def test_every_entry_is_exact_and_hashed() -> None:
    offences = [entry[:80] for entry in entries() if not (LOCKED.match(entry) and "--hash=sha256:" in entry)]
    assert not offences, told(offences, "Make the lock again with hashes (CONTRIBUTING.md, Dependencies).")


def test_no_addresses() -> None:
    offences = [
        line
        for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines()
        if "://" in line or line.startswith("-")
    ]
    assert not offences, told(offences, "Take the address out: each machine has its own registry (CONTRIBUTING.md).")


def test_what_the_project_asks_for_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project.get("optional-dependencies", {})
    wanted = [
        Requirement(text) for text in [*project["dependencies"], *(one for group in extras.values() for one in group)]
    ]
    have = locked()
    offences = [
        f"{one} (locked: {have.get(canonicalize_name(one.name), 'nothing')})"
        for one in wanted
        if not one.specifier.contains(have.get(canonicalize_name(one.name), "0"), prereleases=True)
        or canonicalize_name(one.name) not in have
    ]
    assert not offences, told(offences, "Make the lock again (CONTRIBUTING.md, Dependencies).")
