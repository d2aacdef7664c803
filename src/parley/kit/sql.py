"""Running SQL in a unit. Only a room's store imports this.

Every query names its workspace as `$1`, bound here from the unit and nowhere else; row-level security stands behind.
The `_many` forms serve batches over several workspaces, whose rows carry their workspace themselves.
"""

from collections.abc import Sequence

import asyncpg

from parley.kit.unit import Unit

Row = asyncpg.Record


async def fetch(unit: Unit, query: str, *arguments: object) -> list[Row]:
    """All rows of a query of this unit's workspace (`$1`)."""
    rows: list[Row] = await unit.connection.fetch(query, unit.workspace, *arguments)
    return rows


async def fetch_one(unit: Unit, query: str, *arguments: object) -> Row | None:
    """The first row, or None."""
    row: Row | None = await unit.connection.fetchrow(query, unit.workspace, *arguments)
    return row


async def execute(unit: Unit, query: str, *arguments: object) -> None:
    await unit.connection.execute(query, unit.workspace, *arguments)


async def fetch_many(unit: Unit, query: str, *columns: Sequence[object] | object) -> list[Row]:
    """All rows of a batch statement whose arguments are columns, the workspace one of them."""
    rows: list[Row] = await unit.connection.fetch(query, *columns)
    return rows


async def execute_many(unit: Unit, query: str, *columns: Sequence[object] | object) -> None:
    await unit.connection.execute(query, *columns)
