"""Why the embedded PostgreSQL can't serve; each sentence says what to do."""

from parley.core.errors import ParleyError


class PostgresFailed(ParleyError):
    """It can't start or was lost; `detail` is one sentence with the mend."""

    code = "database_unavailable"


class AlreadyRunning(PostgresFailed):
    """Another process of this machine runs the cluster of this folder; `pid` is None when it has not said who it is."""

    code = "database_already_running"

    def __init__(self, folder: str, pid: int | None) -> None:
        who = "another process" if pid is None else f"process {pid}"
        super().__init__(f"The database in {folder} is already run by {who}. Use it, or stop that process first.")
        self.pid = pid
