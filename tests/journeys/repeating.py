"""A client that never gives up: every POST is repeated with its Idempotency-Key until it is acknowledged."""

import asyncio
import time

import aiohttp

AT_ONCE = 20
ANSWER_SECONDS = 5.0
PAUSE_SECONDS = 0.1
PATIENCE_SECONDS = 60.0
IMPATIENT_EACH = 5
"""Every so manieth POST is sent a second time before the first is answered."""
ACCEPTED, IN_DOUBT = 202, frozenset({409, 429, 500, 502, 503})


async def post_all(url: str, key: str, count: int, *, seconds: float) -> dict[str, str]:
    """Messages `once 0`, `once 1`, … posted over so many seconds: the id that each got; empty when none."""
    gate = asyncio.Semaphore(AT_ONCE)
    headers = {"Authorization": f"Bearer {key}"}
    limit = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
    async with aiohttp.ClientSession(url, headers=headers, timeout=limit) as session:

        async def once(number: int) -> tuple[str, str]:
            await asyncio.sleep(seconds * number / count)
            async with gate:
                tries = [_acknowledged(session, number) for _ in range(1 + (number % IMPATIENT_EACH == 0))]
                ids = await asyncio.gather(*tries)
            assert len(set(ids)) == 1, "the same answer to the same request"
            return f"once {number}", ids[0]

        return dict(await asyncio.gather(*(once(number) for number in range(count))))


async def _acknowledged(session: aiohttp.ClientSession, number: int) -> str:
    body = {"to": f"+1555200{number:04d}", "type": "text", "text": {"body": f"once {number}"}}
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        try:
            answer = await session.post("/v1/messages", json=body, headers={"Idempotency-Key": f"once-{number}"})
            async with answer:
                if answer.status == ACCEPTED:
                    return str((await answer.json())["id"])
                assert answer.status in IN_DOUBT, await answer.text()
        except (aiohttp.ClientError, TimeoutError):
            pass
        await asyncio.sleep(PAUSE_SECONDS)
    return ""
