"""Workspace A's campaign: `python -m bench.flood WORKSPACE SENDS CUSTOMERS STEP` queues sends in bulk.

By the product's own verb for sending on request, many in one unit, as a campaign does.
"""

import sys
from uuid import UUID

import uvloop

from bench.webhooks import phone
from parley.core.content import Content
from parley.core.ids import WorkspaceId
from parley.kit.settings import load_settings
from parley.modules.conversations import Request, send
from parley.wiring import open_app

GROUP = 250


async def flood(workspace: WorkspaceId, sends: int, customers: int, step: int) -> None:
    """Every `step`-th customer is of this workspace; each gets several messages."""
    async with open_app(load_settings()) as app:
        for first in range(0, sends, GROUP):
            async with app.units.begin(workspace) as unit:
                for index in range(first, min(sends, first + GROUP)):
                    to = "+" + phone(index * step % customers).decode()
                    content = Content("text", {"body": f"Bulk {index}"})
                    await send(unit, app.desk, Request(channel=None, to=to, content=content, bulk=True))


if __name__ == "__main__":
    given, *numbers = sys.argv[1:]
    uvloop.run(flood(WorkspaceId(UUID(given)), *map(int, numbers)))
