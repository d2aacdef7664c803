"""Inbound files: expected with their message, fetched by the lane, kept encrypted, or given up as a fact."""

import asyncio
import hashlib

import pytest

from parley.core.errors import Conflict, NotFound
from parley.core.time import now
from parley.kit import draft
from parley.kit.processes import until
from parley.kit.storage import StorageFull
from parley.modules.channels.ports import Remedy, SendFailed
from parley.modules.media import KEPT, expect_files, media_waiting
from tests.fakes.media import PNG, Files
from tests.fakes.universe import Clock

pytestmark = pytest.mark.store

AWAY = SendFailed(Remedy.RETRY, code=0, title="The provider can't be reached")


async def test_an_expected_file_is_fetched_verified_and_kept(files: Files) -> None:
    content = PNG + b"x" * 200_000
    digest = hashlib.sha256(content).hexdigest()
    message = await files.expect(content, filename="Ada's photo.png", content_type="image/jpeg", sha256=digest)
    assert files.world.wakes == ["media"]
    await files.fetch()
    media = await files.of(message)
    assert (media.state, media.size, media.kind) == ("stored", len(content), "image")
    assert (media.about.filename, media.about.sha256) == ("Ada's photo.png", digest)
    assert (media.about.declared, media.about.sniffed, media.content_type) == ("image/jpeg", "image/png", "image/png")
    assert media.expires_at - media.created_at == KEPT
    assert await files.content(media) == content
    (fact,) = files.world.events
    assert (fact.kind, fact.subject, fact.message, fact.contact) == ("media.stored", media.id, message, files.contact)


async def test_nothing_of_a_file_is_in_clear(files: Files) -> None:
    marker = "Zanzibar"
    message = await files.expect(PNG + marker.encode() * 50_000, filename=f"{marker}.png")
    await files.fetch()
    (row,) = await files.world.look("select media::text as words, about from media")
    places = [row["words"].encode(), row["about"], *(path.read_bytes() for path in files.on_disk())]
    places += [str(path).encode() for path in files.on_disk()]
    assert len(places) == 4
    assert not any(marker.encode() in place or marker.encode().hex().encode() in place for place in places)
    assert (await files.of(message)).about.filename == f"{marker}.png"


async def test_a_message_has_its_file_once(files: Files) -> None:
    expected = files.expected(PNG)
    for _ in range(2):
        async with files.world.units.begin(files.workspace) as unit:
            await expect_files(unit, files.world.people, [expected, expected])
    assert await files.rows() == 1


async def test_a_file_on_its_way_is_told_so(files: Files) -> None:
    media = await files.of(await files.expect(PNG))
    with pytest.raises(Conflict) as caught:
        await files.content(media)
    assert caught.value.reason == "media_fetching"
    with pytest.raises(SendFailed) as failed:
        await files.at_provider(media)
    assert failed.value.remedy is Remedy.RETRY


@pytest.mark.parametrize("failure", [AWAY, TimeoutError(), ZeroDivisionError(), ConnectionResetError()])
async def test_a_failed_fetch_is_due_again_later(files: Files, universe: Clock, failure: Exception) -> None:
    message = await files.expect(PNG)
    files.provider.failures = [failure]
    await files.fetch()
    assert (await files.of(message)).state == "fetching"
    universe.forward(seconds=7)
    assert await files.fetcher.work() == 0
    universe.forward(seconds=6)
    await files.fetch()
    assert (await files.of(message)).state == "stored"
    assert [event.kind for event in files.world.events] == ["media.stored"]


async def test_what_the_provider_asks_to_wait_is_waited(files: Files, universe: Clock) -> None:
    await files.expect(PNG)
    files.provider.failures = [SendFailed(Remedy.THROTTLE_NUMBER, code=4, title="Slow down", retry_after=600)]
    await files.fetch()
    universe.forward(seconds=599)
    assert await files.fetcher.work() == 0
    universe.forward(seconds=2)
    assert await files.fetcher.work() == 1


async def test_a_file_of_another_hash_is_never_kept_and_given_up_in_the_end(files: Files, universe: Clock) -> None:
    message = await files.expect(PNG, sha256=hashlib.sha256(b"another").hexdigest())
    for _ in range(20):
        await files.fetch()
        universe.forward(hours=29)
    media = await files.of(message)
    assert (media.state, media.problem) == ("failed", "wrong_digest")
    assert 3 < files.provider.downloads < 12
    assert [event.kind for event in files.world.events] == ["media.failed"]
    assert files.on_disk() == []
    with pytest.raises(NotFound):
        await files.content(media)
    with pytest.raises(SendFailed):
        await files.at_provider(media)


async def test_a_final_failure_is_a_fact_at_once(files: Files) -> None:
    message = await files.expect(PNG)
    files.provider.failures = [SendFailed(Remedy.FINAL, code=131052, title="Gone")]
    await files.fetch()
    assert (await files.of(message)).problem == "provider"
    (fact,) = files.world.events
    assert (fact.kind, fact.detail) == ("media.failed", {"reason": "provider", "code": 131052})


async def test_a_file_too_large_is_not_asked_for_again(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft, "MAX_FILE_BYTES", 1_000)
    message = await files.expect(PNG)
    await files.fetch()
    assert (await files.of(message)).problem == "file_too_large"
    assert files.on_disk() == []


async def test_a_full_disk_loses_nothing(files: Files, universe: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    message = await files.expect(PNG)

    def full(*_: object) -> None:
        raise StorageFull("The disk is full.", retry_after=60)

    with monkeypatch.context() as patch:
        patch.setattr(draft.Draft, "finish", full)
        await files.fetch()
    universe.forward(seconds=61)
    await files.fetch()
    assert (await files.of(message)).state == "stored"
    assert len(files.on_disk()) == 1


async def test_a_person_erased_meanwhile_has_no_file(files: Files) -> None:
    message = await files.expect(PNG, filename="Ada.png")
    await files.world.erase_key(files.contact)
    files.restart()
    await files.fetch()
    media = await files.of(message)
    assert (media.state, media.problem, media.about.filename) == ("failed", "erased", None)
    assert files.provider.downloads == 0


async def test_a_row_deleted_during_the_download_leaves_no_file(files: Files) -> None:
    message = await files.expect(PNG)
    files.provider.gate = asyncio.Event()
    await files.fetcher.work()
    await files.library.delete(files.workspace, (await files.of(message)).id)
    files.provider.gate.set()
    await files.fetcher.drain()
    assert files.on_disk() == []
    assert files.world.events == []


async def test_a_dead_workers_claim_runs_out(files: Files, universe: Clock) -> None:
    message = await files.expect(PNG)
    files.provider.gate = asyncio.Event()
    await files.fetcher.work()
    await files.fetcher.drain(seconds=0)
    files.provider.gate = None
    files.restart()
    assert await files.fetcher.work() == 0
    universe.forward(seconds=241)
    await files.fetch()
    assert (await files.of(message)).state == "stored"


async def test_downloads_are_few_at_once_and_no_workspace_takes_all(files: Files) -> None:
    other = await Files.open(files.world, await files.world.add_workspace())
    for _ in range(12):
        await files.expect(PNG)
    late = await other.expect(PNG)
    files.provider.files.update(other.provider.files)
    files.provider.gate = asyncio.Event()
    assert await files.fetcher.work() == 5
    assert await files.fetcher.work() == 0
    async with files.world.units.begin(lane="claim") as unit:
        waiting, _ = await media_waiting(unit, now())
    assert waiting == 8
    assert await until(lambda: files.provider.at_once == 5, seconds=20)
    files.provider.gate.set()
    await files.fetcher.drain()
    assert files.provider.most_at_once == 5
    assert (await other.of(late)).state == "stored"
    await files.fetch()
    assert len(files.on_disk()) == 13


async def test_two_workers_fetch_a_file_once(files: Files) -> None:
    await files.expect(PNG)
    first = files.fetcher
    files.restart()
    claimed = await asyncio.gather(first.work(), files.fetcher.work())
    await asyncio.gather(first.drain(), files.fetcher.drain())
    assert sorted(claimed) == [0, 1]
    assert files.provider.downloads == 1
