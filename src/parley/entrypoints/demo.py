"""The demo workspace as it is remembered: `<data_dir>/demo.json` (0600), with the owner's password and the API key.

Light, because every start asks; making the workspace is `seed_demo`'s.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from parley.core.ids import WorkspaceId, parse_public
from parley.entrypoints.local import sim_url
from parley.kit.database import Database
from parley.kit.kept import keep, kept
from parley.kit.locate import addresses_of
from parley.kit.settings import Settings
from parley.kit.unit import Unit, Units
from parley.modules.accounts import workspace_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What a newcomer needs. `password` None: it was lost with the file that kept it.

    `shop_url` is what the order flow asks: the simulator's shop, wherever that was at the last start.
    """

    workspace_id: str
    channel_id: str
    owner_email: str
    password: str | None
    api_key: str
    shop_url: str

    @property
    def workspace(self) -> WorkspaceId:
        """The workspace's id inside."""
        found = parse_public("wks", self.workspace_id)
        if found is None:
            raise ValueError(f"{self.workspace_id!r} is no workspace")
        return WorkspaceId(found)


def shop_url(settings: Settings) -> str:
    """The simulator's demo shop."""
    return f"{sim_url(settings)}/sim/demo"


def remember(settings: Settings, demo: Demo) -> None:
    """Keep what a demo needs for the next start. Raises CannotKeep."""
    keep(_file(settings), json.dumps(asdict(demo)))


async def recall(settings: Settings) -> Demo | None:
    """The demo that this database holds; None when there is none, or nobody remembers it."""
    text = kept(_file(settings))
    try:
        known = Demo(**json.loads(text)) if text else None
        workspace = known.workspace if known else None
    except (ValueError, TypeError):
        return None
    database = await Database(addresses_of(settings).content, size=1).open()
    try:
        async with Units(database, _nothing_before, _nothing_after).begin(lane="route") as unit:
            return known if workspace in await workspace_ids(unit) else None
    finally:
        await database.close()


async def _nothing_before(_: Unit) -> None:
    """Reading causes nothing."""


def _nothing_after(_: Unit) -> None:
    """The same."""


def _file(settings: Settings) -> Path:
    return settings.data_dir / "demo.json"
