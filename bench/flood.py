"""Workspace A's campaign: `python -m bench.flood WORKSPACE SENDS CUSTOMERS STEP` queues sends in bulk.

By the product's own verb for saying something, many in one unit, as a campaign does.
"""

import sys
from uuid import UUID

import uvloop

from bench.webhooks import phone
from parley.core.content import Content
from parley.core.ids import ConversationId, WorkspaceId, new_uuid
from parley.core.time import now
from parley.kit.settings import load_settings
from parley.modules.contacts import Identity, Sighting
from parley.modules.conversations.domain import BULK, Draft, Queued
from parley.modules.conversations.store.arrivals import Opening, open_threads
from parley.wiring import App, open_app

GROUP = 250


async def flood(workspace: WorkspaceId, sends: int, customers: int, step: int) -> None:
    """Every `step`-th customer is of this workspace; each gets several messages."""
    async with open_app(load_settings(), plan_once=True) as app:
        for first in range(0, sends, GROUP):
            numbers = [
                "+" + phone(index * step % customers).decode() for index in range(first, min(sends, first + GROUP))
            ]
            await _queue(app, workspace, numbers)


async def _queue(app: App, workspace: WorkspaceId, numbers: list[str]) -> None:
    people = {number: Sighting(workspace, (Identity("phone", number),)) for number in numbers}
    async with app.units.begin(workspace) as unit:
        known = await app.directory.recognise(unit, list(people.values()))
        channel = (await app.routes.seen_by(unit))[0]
        openings = {
            known[sighting].contact: Opening(
                workspace=workspace,
                id=ConversationId(new_uuid()),
                channel=channel.id,
                contact=known[sighting].contact,
                floor="bot",
                inbound_at=None,
                entry_expires_at=None,
                at=now(),
            )
            for sighting in people.values()
        }
        threads = {each.thread.contact: each.thread for each in await open_threads(unit, list(openings.values()))}
        drafts = [
            Draft(
                thread=threads[known[sighting].contact],
                content=Content("text", {"body": f"Bulk to {number}"}),
                to={"phone": number},
                author="campaign",
                priority=BULK,
            )
            for number, sighting in people.items()
        ]
        said = await app.desk.speaker.say(unit, drafts)
    if not all(isinstance(each, Queued) for each in said):
        raise RuntimeError(f"A message could not be queued: {said[0]}")


if __name__ == "__main__":
    given, *numbers = sys.argv[1:]
    uvloop.run(flood(WorkspaceId(UUID(given)), *map(int, numbers)))
