"""Fixtures of every kind of test: one throwaway database server a session, and the platform in-process on it."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from parley.core import ids, time
from tests.fakes.cluster import Cluster, throwaway_cluster
from tests.fakes.stack import Stack, StackMaker, make_stacks
from tests.fakes.universe import Clock


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with throwaway_cluster() as running:
        yield running


@pytest.fixture(scope="session")
def stacks(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> StackMaker:
    return make_stacks(cluster, tmp_path_factory.mktemp("installation"))


@pytest.fixture
async def stack(stacks: StackMaker, tmp_path: Path) -> AsyncIterator[Stack]:
    """The whole message path in this process, on databases of its own."""
    async with stacks.open(tmp_path) as opened:
        yield opened


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Now, standing still until told to move. The database's own clock goes on."""
    frozen = Clock(datetime.fromtimestamp(time.unix_seconds(), UTC))
    time.use_clock(frozen)
    yield frozen
    time.use_clock(None)
    ids.use_entropy(None)  # or later ids would go on from the moment that the clock was moved to
