"""Fixtures of tests against the real database."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.fakes.cluster import Cluster
from tests.fakes.media import Files
from tests.fakes.universe import Clock, frozen_universe
from tests.fakes.world import World, open_world


@pytest.fixture
def universe() -> Iterator[Clock]:
    """Clock, ids and chance stand still; move the clock by `universe.forward(days=1)`."""
    with frozen_universe() as clock:
        yield clock


@pytest.fixture
async def world(cluster: Cluster, universe: Clock, tmp_path: Path) -> AsyncIterator[World]:
    """Empty databases, keys and a workspace, in the frozen universe."""
    async with open_world(cluster, tmp_path) as opened:
        yield opened


@pytest.fixture
async def files(world: World) -> AsyncIterator[Files]:
    """The room of media, a contact who sends files, and the provider that holds them."""
    desk = await Files.open(world)
    yield desk
    await desk.close()
