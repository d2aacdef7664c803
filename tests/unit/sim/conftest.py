from collections.abc import AsyncIterator

import pytest

from tests.unit.sim.stage import Platform, Stage, staged


@pytest.fixture
async def platform() -> AsyncIterator[Platform]:
    opened = await Platform().open()
    yield opened
    await opened.close()


@pytest.fixture
async def stage(platform: Platform) -> AsyncIterator[Stage]:
    made = await staged(platform)
    yield made
    await made.world.deliveries.close()
