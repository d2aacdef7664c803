"""The two clients: one that waits, one that is awaited."""

from parley_client.async_operations import AsyncOperations
from parley_client.operations import Operations


class Parley(Operations):
    """Parley's API. `Parley("parley_live_…", url="https://…")`; each operation is a method."""


class AsyncParley(AsyncOperations):
    """Parley's API for asyncio; each operation is a coroutine."""
