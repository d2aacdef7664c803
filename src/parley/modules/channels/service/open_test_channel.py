"""The channel of a workspace that its test keys act on, made when the first of them is."""

from parley.core.ids import WorkspaceId
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.channels.domain import TEST_KIND, NewChannel
from parley.modules.channels.service.add_channel import add_channel
from parley.modules.channels.service.routes import Routes

NUMBER = "+15550100000"
"""What recipients see as the sender; from the numbers that are kept for stories."""
RATE = 80


async def open_test_channel(unit: Unit, keys: KeyService, routes: Routes) -> None:
    """Make it, unless it is there."""
    if any((await routes.modes_of(WorkspaceId(unit.workspace))).values()):
        return
    own = f"test-{unit.workspace.hex}"
    new = NewChannel(kind=TEST_KIND, number_id=own, account_id=own, number=NUMBER, token="none", rate=RATE)
    await add_channel(unit, keys, new)
