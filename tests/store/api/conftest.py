"""One platform for all tests of the API: each acts in a workspace of its own."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.fakes.stack import Stack, StackMaker


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def stack(stacks: StackMaker, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    async with stacks.open(tmp_path_factory.mktemp("api")) as opened:
        yield opened


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def nothing_left_over(stack: Stack) -> AsyncIterator[None]:
    """What a test leaves unsent is not sent by the next one; what was counted is counted anew."""
    yield
    stack.app.allowances.rates.__init__()  # type: ignore[misc]
    await stack.look("with later as (delete from scheduled) delete from outbox")
    stack.provider.forget()
