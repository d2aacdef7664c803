"""Waiting ends when it is cancelled, also in the very moment in which what was waited for happens."""

import asyncio

import pytest

from parley.kit.lanes import Lane
from parley.kit.processes import until_true


@pytest.mark.parametrize("rounds", range(4))
async def test_a_probe_that_fails_while_it_is_cancelled(rounds: int) -> None:
    gate = asyncio.Event()

    async def probe() -> bool:
        await gate.wait()
        raise OSError("nobody listens")

    waiting = asyncio.create_task(until_true(probe, seconds=60))
    await asyncio.sleep(0.01)
    gate.set()
    for _ in range(rounds):
        await asyncio.sleep(0)
    waiting.cancel()
    done, _ = await asyncio.wait([waiting], timeout=1)
    assert done, "the cancellation was swallowed"
    assert waiting.cancelled()


@pytest.mark.parametrize("rounds", range(4))
async def test_a_lane_that_is_woken_while_it_is_cancelled(rounds: int) -> None:
    async def nothing() -> int:
        return 0

    lane = Lane("idle", nothing, poll=60)
    running = asyncio.create_task(lane.run())
    await asyncio.sleep(0.01)
    lane.wake.set()
    for _ in range(rounds):
        await asyncio.sleep(0)
    running.cancel()
    done, _ = await asyncio.wait([running], timeout=1)
    assert done, "the cancellation was swallowed"
    assert running.cancelled()
