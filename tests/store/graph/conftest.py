"""One platform for all tests of the façade: each acts in a workspace of its own."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.fakes.stack import Stack, StackMaker


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def stack(stacks: StackMaker, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    async with stacks.open(tmp_path_factory.mktemp("graph")) as opened:
        yield opened
