"""Connections that tell each other what the database's types are, so that only the first of a pool asks.

asyncpg asks PostgreSQL for each statement with types of our own (domains, rows) once per connection: some ten questions
of several milliseconds, just when a busy moment makes a pool grow. Were its method named otherwise one day, each
connection would ask for itself again, and nothing else would change.
"""

from collections.abc import Iterable
from typing import Protocol

import asyncpg


class _Named(Protocol):
    """The statement that asked; asyncpg looks whether it has a name."""

    name: str


class KnownTypes:
    """What the connections of one database were told: rows about types, in an order that serves to learn them all."""

    def __init__(self) -> None:
        self.rows: dict[int, asyncpg.Record] = {}
        self.asked: _Named | None = None

    def learn(self, rows: Iterable[asyncpg.Record], asked: _Named) -> None:
        for row in rows:
            self.rows.setdefault(row["oid"], row)
        self.asked = asked

    def forget(self) -> None:
        self.rows.clear()


class Connection(asyncpg.Connection):
    """A connection that looks into `known` first."""

    known: KnownTypes | None = None

    async def _introspect_types(
        self, typeoids: Iterable[int], timeout: float | None
    ) -> tuple[list[asyncpg.Record], _Named]:
        known, wanted = self.known, set(typeoids)
        if known is not None and known.asked is not None and known.rows.keys() >= wanted:
            return list(known.rows.values()), known.asked
        told: tuple[list[asyncpg.Record], _Named] = await super()._introspect_types(wanted, timeout)  # type: ignore[misc]
        if known is not None:
            known.learn(*told)
        return told

    async def reload_schema_state(self) -> None:
        """A type was changed under us: ask anew."""
        if self.known is not None:
            self.known.forget()
        await super().reload_schema_state()
