"""Run PostgreSQL's programs in a folder, under the account chosen for them."""

import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from parley.kit.postgres.account import Account
from parley.kit.postgres.binaries import Binaries
from parley.kit.postgres.errors import PostgresFailed
from parley.kit.processes import tied_to_parent

# A process enters its working folder before it gives up root, and this link leads there without passing the folders
# above. So the account needs no access to the parents of the data folder, which may well be 0700.
HERE = "/proc/self/cwd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """The installed binaries and the account that runs them."""

    binaries: Binaries
    account: Account

    def start(self, arguments: list[str], *, folder: Path, output: int) -> subprocess.Popen[bytes]:
        """Start a program of `bin` with `folder` as its working folder; `output` is the descriptor it writes to.

        Ends with SIGINT (PostgreSQL's fast shutdown) when we die. In a process group of its own: Ctrl-C in a terminal
        reaches us only, and we decide the order of stopping. Raises PostgresFailed.
        """
        try:
            return subprocess.Popen(  # noqa: S603 - our own binaries, fixed arguments
                [str(self.binaries.home / "bin" / arguments[0]), *arguments[1:]],
                cwd=folder,
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                process_group=0,
                preexec_fn=tied_to_parent(signal.SIGINT),  # noqa: PLW1509 - started from the main thread
                **self.account.change(),
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise PostgresFailed(
                f"{arguments[0]} can't be started from {self.binaries.home} as uid {self.account.uid}: {error}. "
                "Check that the folder may be read and executed, or set PARLEY_DATABASE_URL to your own server."
            ) from error
