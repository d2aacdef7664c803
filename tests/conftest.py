"""Fixtures of every kind of test: one throwaway database server a session, and the platform in-process on it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.fakes.cluster import Cluster, throwaway_cluster
from tests.fakes.stack import Stack, StackMaker, make_stacks


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
