"""Where the two databases are: the embedded server's, or those of the settings' URLs."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from parley.kit.database import Address
from parley.kit.postgres import EmbeddedPostgres
from parley.kit.settings import Settings


@dataclass(frozen=True, slots=True)
class Addresses:
    """The two databases, in the application's role."""

    content: Address
    vault: Address


def addresses_of(settings: Settings) -> Addresses:
    """Where the databases are: the embedded server's, or those of the URLs."""
    if settings.database_url is None:
        return _embedded(settings)
    name = urlsplit(settings.database_url).path.lstrip("/") or "parley"
    vault_url = settings.vault_database_url
    if vault_url is None:
        content = Address(name, url=settings.database_url).as_app()
        return Addresses(content, Address(f"{name}_vault", url=settings.database_url, settings=_RELAXED).as_app())
    vault_name = urlsplit(vault_url).path.lstrip("/") or "parley_vault"
    relaxed = _RELAXED if _server(vault_url) == _server(settings.database_url) else {}
    content = Address(name, url=settings.database_url).as_app()
    return Addresses(content, Address(vault_name, url=vault_url, settings=relaxed).as_app())


_RELAXED = {"synchronous_commit": "off"}
"""Safe for the vault only while both databases share one server, and so one log: the commit of what was sealed with a
new key flushes the key too. On a server of its own the vault commits by itself."""


def _server(url: str) -> tuple[str | None, int | None]:
    parts = urlsplit(url)
    return parts.hostname, parts.port


def _embedded(settings: Settings) -> Addresses:
    server = EmbeddedPostgres(settings.data_dir)

    def address(database: str, extra: Mapping[str, str]) -> Address:
        found = server.connection_arguments(database)
        return Address(database, socket_dir=str(found["host"]), port=found["port"], settings=dict(extra))

    return Addresses(address("parley", {}), address("parley_vault", _RELAXED))
