"""How the embedded server is configured. Given on its command line, so nothing written into the folder overrides it."""

from dataclasses import dataclass

PORT = 5432  # only a part of the socket's name: nothing listens on the network

ALWAYS = {
    "listen_addresses": "",
    "port": str(PORT),
    # Relative to the working folder: the account may be unable to pass the parents of the data directory.
    "unix_socket_directories": "../run",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "timezone": "UTC",
    "jit": "off",
    "autovacuum_naptime": "10s",  # queue tables die and grow all the time; a minute between looks lets them bloat
    "checkpoint_timeout": "15min",
    "max_wal_size": "4GB",  # fewer checkpoints, so fewer full pages in the log; recovery still takes seconds
    "wal_compression": "pglz",
    "logging_collector": "on",
    "log_directory": "../log",
    "log_filename": "postgresql-%a.log",  # one file a weekday, overwritten after a week
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_file_mode": "0600",
    "log_timezone": "UTC",
    # Privacy: values of rows may not reach the log. An error goes to the client that made it and nowhere else; what is
    # logged (life and death of the server, recovery, disk) carries neither statement, nor parameter, nor key values.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings:
    """What may differ between servers: whether data must survive a crash of the machine, and memory for pages."""

    durable: bool = True
    shared_buffers: str = "512MB"  # holds the queues and indexes of a busy day; reserved, but used only as it fills

    def arguments(self, mark: str) -> list[str]:
        """The command line: `-c name=value` for each setting; `mark` is the name by which its processes are known."""
        durable = "on" if self.durable else "off"
        chosen = {
            **ALWAYS,
            "cluster_name": mark,
            "shared_buffers": self.shared_buffers,
            "fsync": durable,
            "full_page_writes": durable,
            "synchronous_commit": durable,
        }
        return [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]


DURABLE = ServerSettings()
THROWAWAY = ServerSettings(durable=False, shared_buffers="128MB")
"""For tests: fast, and lost when the machine stops."""
