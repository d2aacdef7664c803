"""Which operating system account PostgreSQL runs under: it refuses to run as root."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

UNPRIVILEGED = ("postgres", "nobody")
NOBODY = 65534  # the kernel's overflow uid: right also where no /etc/passwd exists


class Change(TypedDict):
    """Keyword arguments of `subprocess.Popen`; all None means: stay who we are."""

    user: int | None
    group: int | None
    extra_groups: tuple[int, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A uid and gid; `foreign` when it is not the one we run under ourselves, so that children must change to it."""

    uid: int
    gid: int
    foreign: bool

    def change(self) -> Change:
        """The arguments of `subprocess.Popen` that make a child run under this account."""
        if not self.foreign:
            return Change(user=None, group=None, extra_groups=None)
        return Change(user=self.uid, group=self.gid, extra_groups=())

    def can_enter(self, folder: Path) -> bool:
        """Whether permission bits let this account pass every folder down to this one."""
        return all(self._can_enter_one(step) for step in (folder, *folder.parents))

    def _can_enter_one(self, folder: Path) -> bool:
        status = folder.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & 0o100)
        return bool(status.st_mode & (0o010 if status.st_gid == self.gid else 0o001))


def choose_account(cluster: Path) -> Account:
    """Ourselves when we are an ordinary user; as root the owner of an existing cluster, else postgres, else nobody."""
    if os.geteuid() != 0:
        return Account(uid=os.geteuid(), gid=os.getegid(), foreign=False)
    if cluster.is_dir() and (status := cluster.stat()).st_uid != 0:
        return Account(uid=status.st_uid, gid=status.st_gid, foreign=True)
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(uid=entry.pw_uid, gid=entry.pw_gid, foreign=True)
    return Account(uid=NOBODY, gid=NOBODY, foreign=True)
