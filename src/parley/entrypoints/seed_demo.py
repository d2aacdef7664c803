"""Make the demo workspace: Willow Street, a shop with a number on the simulator and three flows."""

from dataclasses import replace

from parley.core.ids import ChannelId, WorkspaceId, new_uuid, public
from parley.entrypoints.demo import Demo, remember, shop_url
from parley.entrypoints.local import DEMO_ACCOUNT_ID, DEMO_NUMBER, DEMO_NUMBER_ID
from parley.kit.kept import new_phrase
from parley.kit.settings import Settings
from parley.kit.unit import Unit
from parley.modules.accounts import KeyTerms, NewWorkspace, create_key, create_workspace
from parley.modules.channels import RATES, NewChannel, add_channel
from parley.modules.channels.inbound import Account
from parley.modules.flows import demo, import_flow
from parley.wiring import App, open_app

NAME = "Willow Street"
OWNER = "owner@willow-street.example"
FLOWS = ("order_status", "appointment", "opening_hours")
TOKEN = "demo-token"


async def seed_demo(settings: Settings, known: Demo | None) -> Demo:
    """The demo workspace: made, or found again without its password, or with its shop moved. Safe to repeat."""
    async with open_app(settings) as app:
        if known is not None:
            return await _move_shop(app, known)
        account = Account(number_id=DEMO_NUMBER_ID, account_id=DEMO_ACCOUNT_ID)
        found = await app.routes.find("whatsapp", account)
        return await (_make(app) if found is None else _adopt(app, found.workspace, found.id))


async def _make(app: App) -> Demo:
    workspace = WorkspaceId(new_uuid())
    password = new_phrase()
    await app.keys.create_scope(workspace)
    async with app.units.begin(workspace) as unit:
        new = NewWorkspace(name=NAME, owner_email=OWNER, owner_password=password, id=workspace)
        await create_workspace(unit, app.keys, new)
        number = NewChannel(
            kind="whatsapp",
            number_id=DEMO_NUMBER_ID,
            account_id=DEMO_ACCOUNT_ID,
            number=DEMO_NUMBER,
            token=TOKEN,
            rate=RATES["STANDARD"],
        )
        channel = await add_channel(unit, app.keys, number)
        return await _furnish(app, unit, channel, password)


async def _adopt(app: App, workspace: WorkspaceId, channel: ChannelId) -> Demo:
    """Nobody remembers it, yet it is there: a new key, and no password that we could know."""
    async with app.units.begin(workspace) as unit:
        return await _furnish(app, unit, channel, None)


async def _furnish(app: App, unit: Unit, channel: ChannelId, password: str | None) -> Demo:
    key = await create_key(unit, app.key_desk, KeyTerms(name="Demo"))
    for name in FLOWS:
        await _publish(app, unit, name)
    made = Demo(
        workspace_id=public("wks", unit.workspace),
        channel_id=public("chn", channel),
        owner_email=OWNER,
        password=password,
        api_key=key.secret,
        shop_url=shop_url(app.settings),
    )
    # Before the commit: should that fail, the next start finds no such workspace and makes another.
    remember(app.settings, made)
    return made


async def _move_shop(app: App, known: Demo) -> Demo:
    async with app.units.begin(known.workspace) as unit:
        await _publish(app, unit, "order_status")
        moved = replace(known, shop_url=shop_url(app.settings))
        remember(app.settings, moved)
    return moved


async def _publish(app: App, unit: Unit, name: str) -> None:
    document = demo(name, shop_url=shop_url(app.settings)) if name == "order_status" else demo(name)
    await import_flow(unit, app.keys, document, publish=True)
