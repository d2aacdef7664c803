"""What must be there before customers write: workspaces, each with a number and the echo bot, and people known already.

Made by the product's own verbs, so that keys and ciphertext are real.
"""

from bench.traffic import Crowd
from bench.webhooks import number, phone
from parley.core.ids import WorkspaceId, new_uuid
from parley.core.json import JsonObject
from parley.kit.settings import Settings
from parley.modules.accounts import NewWorkspace, create_workspace
from parley.modules.channels import NewChannel, add_channel
from parley.modules.contacts import Identity, Sighting
from parley.modules.flows import import_flow
from parley.wiring import App, open_app

GROUP = 1000
ECHO_FLOW: JsonObject = {
    "format": 1,
    "id": "echo",
    "name": "Echo",
    "triggers": {"default": True},
    "start": "reply",
    "nodes": {"reply": {"type": "message", "text": "Echo: {{ input.text }}"}},
}


async def furnish(settings: Settings, crowd: Crowd) -> list[WorkspaceId]:
    """The workspaces, in the order of their indexes."""
    async with open_app(settings) as app:
        workspaces = [await _workspace(app, index, crowd.rate) for index in range(crowd.workspaces)]
        for first in range(0, crowd.customers, GROUP):
            await _meet(app, workspaces, range(first, min(crowd.customers, first + GROUP)))
    return workspaces


async def _workspace(app: App, index: int, rate: int) -> WorkspaceId:
    workspace = WorkspaceId(new_uuid())
    await app.keys.create_scope(workspace)
    async with app.units.begin(workspace) as unit:
        new = NewWorkspace(id=workspace, name=f"Bench {index}", owner_email=f"owner{index}@example.com")
        await create_workspace(unit, app.keys, new)
        place = number(index)
        channel = NewChannel(
            kind="whatsapp",
            number_id=place.number.decode(),
            account_id=place.waba.decode(),
            number=f"+1555{index:07d}",
            token=f"token-{index}",
            rate=rate,
        )
        await add_channel(unit, app.keys, channel)
        await import_flow(unit, app.keys, ECHO_FLOW, publish=True)
    return workspace


async def _meet(app: App, workspaces: list[WorkspaceId], customers: range) -> None:
    sightings = [
        Sighting(
            workspaces[each % len(workspaces)],
            (Identity("phone", "+" + phone(each).decode()),),
            "Customer " + phone(each).decode(),
        )
        for each in customers
    ]
    async with app.units.begin(*workspaces) as unit:
        await app.directory.recognise(unit, sightings)
