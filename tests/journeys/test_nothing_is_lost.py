"""Whatever dies or goes away: each message is stored once and answered once, and the platform recovers by itself.

The simulator is left out: Meta is played by the test, which must remember what it took. The long course at a higher
rate is a benchmark's.
"""

import asyncio
import json
import os
import signal
import urllib.request
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import pytest
import pytest_asyncio
import yaml
from standardwebhooks import Webhook

from parley.kit.postgres import EmbeddedPostgres
from parley.modules.flows import demo
from tests.journeys.listener import Listener
from tests.journeys.meta import SECRET, Faults, Meta
from tests.journeys.repeating import post_all
from tests.journeys.running import Platform, answers, parley_up

pytestmark = [pytest.mark.journey, pytest.mark.asyncio(loop_scope="module")]

AWAY_SECONDS = 3.0
CHAOS_SECONDS = 12.0
CHAOS_RATE = 120
KILL_EVERY_SECONDS = 1.5
DOUBT_SECONDS = 2.0
ONCE_POSTS = 200
ONCE_SECONDS = 8.0
TOLD_SECONDS = 8.0
TOLD_RATE = 50
SETTLE_SECONDS = 45.0
_people = count(15_551_000_000)


class Shop:
    """A platform, Meta, and what the one shows against what the other knows."""

    def __init__(self, platform: Platform, meta: Meta) -> None:
        self.platform = platform
        self.meta = meta
        self.key = ""

    def say(self, words: str) -> None:
        """Somebody new writes."""
        self.meta.say(f"+{next(_people)}", words)

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """One request to the public API. Raises OSError."""
        request = urllib.request.Request(  # noqa: S310 - loopback of our own
            f"{self.platform.told['url']}/v1/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", **headers},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return json.load(answer)

    def listed(self, path: str) -> list[dict[str, Any]]:
        """All pages of a list."""
        found: list[dict[str, Any]] = []
        after = ""
        while True:
            page = self.ask("GET", f"{path}{'&' if '?' in path else '?'}limit=100{after}")
            found += page["data"]
            if page["next_cursor"] is None:
                return found
            after = f"&after={page['next_cursor']}"

    def shown(self) -> list[dict[str, Any]]:
        """Every message by the public API."""
        return self.listed("messages")

    async def outcome(self, prefix: str) -> tuple[Counter[str], dict[str, str]]:
        """How often each word was stored as said; the status of each reply, by its id."""
        shown = await asyncio.to_thread(self.shown)
        mine = [each for each in shown if words_of(each).startswith(prefix)]
        stored = Counter(words_of(each) for each in mine if each["direction"] == "inbound")
        replies = {str(each["id"]): str(each["status"]) for each in mine if each["direction"] == "outbound"}
        return stored, replies

    async def settled(self, prefix: str, *, doubtful: bool = False) -> dict[str, str]:
        """Wait until every reply's fate is known; the replies. `doubtful`: some may never have been posted."""
        ends = {"read", "unsure"} if doubtful else {"read"}
        async with asyncio.timeout(SETTLE_SECONDS):
            while True:
                _, replies = await self.outcome(prefix)
                if len(replies) == len(self.words(prefix)) and set(replies.values()) <= ends:
                    return replies
                await asyncio.sleep(0.5)

    def words(self, prefix: str) -> set[str]:
        return {each for each in self.meta.said if each.startswith(prefix)}

    async def nothing_lost_or_doubled(self, prefix: str, replies: dict[str, str]) -> None:
        stored, _ = await self.outcome(prefix)
        assert dict(stored) == dict.fromkeys(self.words(prefix), 1), "stored once"
        assert len(replies) == len(stored), "one reply each"
        twice = {ours: times for ours, times in self.meta.accepted.items() if times > 1}
        assert not twice, "sent twice"
        unsent = [ours for ours, status in replies.items() if ours not in self.meta.accepted and status != "unsure"]
        assert not unsent, "a reply that was never sent is unsure, and nothing else is"
        assert all(status == "read" for ours, status in replies.items() if ours in self.meta.accepted)


def words_of(message: dict[str, Any]) -> str:
    body = message.get("text")
    return str(body["body"]) if isinstance(body, dict) else ""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shop]:
    folder = tmp_path_factory.mktemp("journey")
    meta = Meta()
    await meta.open()
    graph = f"http://127.0.0.1:{meta.port}"
    with parley_up(
        folder, "--no-sim", "--no-demo", graph_url=graph, meta_app_secret=SECRET, webhooks_allow_private="1"
    ) as platform:
        made = Shop(platform, meta)
        meta.webhooks = f"{platform.told['url']}/webhooks/meta"
        await asyncio.to_thread(furnish, made, folder)
        yield made
        await meta.close()


def furnish(shop: Shop, folder: Path) -> None:
    """A workspace with a number, a key and the echo bot."""

    def run(*arguments: str) -> dict[str, object]:
        done = shop.platform.run(*arguments, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        found = json.loads(done.stdout)
        assert isinstance(found, dict)
        return found

    workspace = str(run("workspace", "create", "--name", "Journey", "--owner-email", "a@example.org")["workspace_id"])
    number = shop.meta.number
    ids = ("--phone-number-id", number.number_id, "--waba-id", number.account_id, "--number", "+15559990000")
    run("channel", "add", "whatsapp", "--workspace", workspace, *ids, "--access-token", "t", "--throughput", "1000")
    shop.key = str(run("key", "create", "--workspace", workspace, "--name", "journey")["key"])
    (folder / "echo.yaml").write_text(yaml.safe_dump(demo("echo")))
    run("flow", "import", "echo.yaml", "--workspace", workspace, "--publish")


async def test_meta_goes_away_and_comes_back(shop: Shop) -> None:
    await shop.meta.go_away()
    for n in range(50):
        shop.say(f"away {n}")
    await shop.meta.quiet()
    await asyncio.sleep(AWAY_SECONDS)
    assert not shop.meta.accepted
    await shop.meta.open()
    await shop.nothing_lost_or_doubled("away", await shop.settled("away"))


async def test_meta_takes_messages_and_hangs_up(shop: Shop) -> None:
    """Nothing is sent again; the statuses tell that it was taken."""
    shop.meta.faults = Faults(drop_after=1.0, late_seconds=1.0)
    for n in range(50):
        shop.say(f"hang up {n}")
    async with asyncio.timeout(SETTLE_SECONDS):
        while len([each for each in shop.meta.texts.values() if each.startswith("hang up")]) < 50:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    shop.meta.faults = Faults()
    await shop.nothing_lost_or_doubled("hang up", await shop.settled("hang up"))


async def test_the_database_stands_still_and_goes_on(shop: Shop) -> None:
    postmaster = shop.platform.child("postgres")
    family = [postmaster, *postmaster.children(recursive=True)]
    for n in range(30):
        shop.say(f"before {n}")
    signal_all(family, signal.SIGSTOP)
    for n in range(30):
        shop.say(f"during {n}")
    await asyncio.sleep(AWAY_SECONDS)
    signal_all(family, signal.SIGCONT)
    await shop.meta.quiet()
    for prefix in ("before", "during"):
        await shop.nothing_lost_or_doubled(prefix, await shop.settled(prefix))


def signal_all(processes: list[psutil.Process], number: int) -> None:
    for each in processes:
        with suppress(psutil.NoSuchProcess):
            each.send_signal(number)


@pytest.mark.kill
async def test_kills_at_random(shop: Shop) -> None:
    """Web, workers and the database die again and again under load; webhooks come twice and in any order."""
    meta = shop.meta
    meta.faults = Faults(drop_before=0.02, drop_after=0.02, duplicates=0.2, late_seconds=0.3)
    killed = asyncio.create_task(kill_at_random(shop))
    for n in range(round(CHAOS_SECONDS * CHAOS_RATE)):
        shop.say(f"chaos {n}")
        await asyncio.sleep(1 / CHAOS_RATE)
    deaths = await killed
    meta.faults = Faults(duplicates=0.2, late_seconds=0.3)
    await meta.quiet()
    assert set(deaths) == {"serve", "work", "postgres"}
    replies = await known_fates(shop, "chaos")
    await meta.quiet()
    await shop.nothing_lost_or_doubled("chaos", replies)
    never_sent = [ours for ours in replies if ours not in meta.accepted]
    assert len(never_sent) <= len(replies) // 10, "only what was claimed in the moment of a death"


@pytest.mark.kill
async def test_posts_repeated_with_their_key_under_kills(shop: Shop) -> None:
    """Each key at most one message, and each that was acknowledged is there."""
    shop.meta.faults = Faults()
    killed = asyncio.create_task(kill_at_random(shop, ["serve", "work"] * 10, seconds=ONCE_SECONDS))
    answered = await post_all(shop.platform.told["url"], shop.key, ONCE_POSTS, seconds=ONCE_SECONDS)
    deaths = await killed
    assert set(deaths) == {"serve", "work"}
    assert "" not in answered.values(), "acknowledged in the end"
    shop.meta.said |= set(answered)
    await known_fates(shop, "once")
    shown = [each for each in await asyncio.to_thread(shop.shown) if words_of(each) in answered]
    assert Counter(words_of(each) for each in shown) == Counter(answered.keys()), "each key one message"
    assert {words_of(each): each["id"] for each in shown} == answered, "the one that was acknowledged"
    assert max(shop.meta.accepted.values()) == 1, "sent once"


@pytest.mark.kill
async def test_webhooks_under_kills(shop: Shop) -> None:
    """Each event is told at least once, under an id of its own, verifiable also while the secret is replaced."""
    shop.meta.faults = Faults()
    listener = Listener()
    await listener.open()
    asked = {"url": listener.url, "event_types": ["message.received"]}
    made = await asyncio.to_thread(shop.ask, "POST", "webhook-endpoints", asked)
    listener.secret = made["secret"]
    killed = asyncio.create_task(kill_at_random(shop, ["work", "serve", "work"] * 10, seconds=TOLD_SECONDS))
    fresh = ""
    for n in range(round(TOLD_SECONDS * TOLD_RATE)):
        shop.say(f"told {n}")
        await asyncio.sleep(1 / TOLD_RATE)
        if n == TOLD_SECONDS * TOLD_RATE // 2:
            fresh = await rotated(shop, made["id"])
    assert set(await killed) <= {"serve", "work"}
    await shop.meta.quiet()
    await known_fates(shop, "told")
    happened = await all_told(shop, listener)
    for event, bodies in listener.told.items():
        assert {json.loads(each)["id"] for each in bodies} == {event}
        assert {json.loads(each)["data"]["message_id"] for each in bodies} == {happened[event]}
    assert listener.doubly_signed, "some were told during the overlap"
    for body, headers in listener.doubly_signed:
        Webhook(fresh).verify(body, headers)
    await asyncio.to_thread(shop.ask, "DELETE", f"webhook-endpoints/{made['id']}")
    await listener.close()


async def rotated(shop: Shop, endpoint: str) -> str:
    """The fresh secret of an endpoint: asked for until it is answered, replaced once."""
    async with asyncio.timeout(SETTLE_SECONDS):
        while True:
            with suppress(OSError):
                again = {"Idempotency-Key": "rotate"}
                answer = await asyncio.to_thread(
                    shop.ask, "POST", f"webhook-endpoints/{endpoint}/rotate-secret", **again
                )
                return str(answer["secret"])
            await asyncio.sleep(0.2)


async def all_told(shop: Shop, listener: Listener) -> dict[str, str]:
    """Wait until every event of these words was told; the message of each event."""
    async with asyncio.timeout(SETTLE_SECONDS):
        while True:
            events = await asyncio.to_thread(shop.listed, "events?type=message.received")
            mine = [each for each in events if words_of(each["data"]["message"]).startswith("told ")]
            if {each["id"] for each in mine} == set(listener.told):
                assert len(mine) == len(shop.words("told "))
                return {each["id"]: each["data"]["message_id"] for each in mine}
            await let_go_of_claims(shop.platform.folder)
            await asyncio.sleep(1)


async def kill_at_random(
    shop: Shop, order: Sequence[str] = ("serve", "work", "postgres") * 10, *, seconds: float = CHAOS_SECONDS
) -> Counter[str]:
    """How often each died."""
    deaths: Counter[str] = Counter()
    chance = shop.meta.chance
    left = list(order)
    for _ in range(int(seconds / KILL_EVERY_SECONDS)):
        await asyncio.sleep(KILL_EVERY_SECONDS * (0.5 + chance.random()))
        victim = left.pop(chance.randrange(3))
        with suppress(AssertionError, psutil.Error):
            os.kill(shop.platform.child(victim).pid, signal.SIGKILL)
            deaths[victim] += 1
    return deaths


async def known_fates(shop: Shop, prefix: str) -> dict[str, str]:
    """Wait for the platform and its replies; claims of the dead are let go at once, not after their minute."""
    async with asyncio.timeout(SETTLE_SECONDS):
        while not await asyncio.to_thread(answers, f"{shop.platform.told['url']}/readyz"):  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    still, since = None, 0.0
    async with asyncio.timeout(SETTLE_SECONDS):
        while True:
            with suppress(OSError):
                _, replies = await shop.outcome(prefix)
                counted = Counter(replies.values())
                if len(replies) == len(shop.words(prefix)) and set(counted) <= {"read", "unsure"}:
                    return replies
                since = since + 0.5 if counted == still else 0.0
                still = counted
            if since >= DOUBT_SECONDS:
                await let_go_of_claims(shop.platform.folder)
                since = 0.0
            await asyncio.sleep(0.5)


async def let_go_of_claims(folder: Path) -> None:
    connection = await asyncpg.connect(EmbeddedPostgres(folder / "data").url("parley"))
    try:
        await connection.execute("update outbox set claimed_until = now() where claimed_until is not null")
        await connection.execute("update webhook_queue set claimed_until = now() where claimed_until is not null")
    finally:
        await connection.close()
