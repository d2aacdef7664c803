"""Files to be sent: taken, uploaded once a channel, forgotten after their term."""

import asyncio
import hashlib

import pytest

from parley.core.errors import InvalidInput, NotFound, Unavailable
from parley.core.ids import MediaId, new_uuid
from parley.kit import draft
from parley.modules.channels.ports import Remedy, SendFailed
from parley.modules.media import get_media, list_media, media_of_messages
from parley.modules.media.schemas import MediaShape
from parley.modules.media.service import provider_ids
from tests.fakes.media import PNG, Files, upload_of
from tests.fakes.universe import Clock

pytestmark = pytest.mark.store


async def test_an_upload_is_kept_and_handed_out(files: Files) -> None:
    media = await files.library.store_upload(files.workspace, upload_of(PNG, "menu.png", None))
    out = MediaShape.of(media)
    assert out.id == f"med_{media.id.hex}"
    assert (out.state, out.kind, out.content_type, out.filename) == ("stored", "image", "image/png", "menu.png")
    assert (out.size, out.sha256) == (len(PNG), hashlib.sha256(PNG).hexdigest())
    assert (out.expires_at - out.created_at).days == 30
    assert await files.content(media) == PNG
    async with files.world.units.begin(files.workspace) as unit:
        assert await get_media(unit, files.world.people, media.id) == media


REFUSED = {"empty": b"", "wrong_type": b"just words"}


@pytest.mark.parametrize("code", REFUSED)
async def test_an_upload_that_can_not_be_right_is_refused(files: Files, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await files.library.store_upload(files.workspace, upload_of(REFUSED[code]))
    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [("/file", code)]
    assert files.on_disk() == []


async def test_an_upload_too_large_is_refused(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft, "MAX_FILE_BYTES", 1_000)
    with pytest.raises(InvalidInput) as caught:
        await files.library.store_upload(files.workspace, upload_of(PNG))
    assert caught.value.reason == "file_too_large"
    assert files.on_disk() == []


async def test_files_are_listed_newest_first(files: Files) -> None:
    uploads = [await files.library.store_upload(files.workspace, upload_of(PNG)) for _ in range(3)]
    async with files.world.units.begin(files.workspace) as unit:
        first = await list_media(unit, files.world.people, None, 2)
        rest = await list_media(unit, files.world.people, first[-1].id, 2)
    assert [each.id for each in first + rest] == [each.id for each in reversed(uploads)]


async def test_another_workspace_sees_and_sends_nothing(files: Files) -> None:
    media = await files.library.store_upload(files.workspace, upload_of(PNG))
    message = await files.expect(PNG)
    other = await Files.open(files.world, await files.world.add_workspace())
    with pytest.raises(NotFound):
        await other.content(media)
    with pytest.raises(NotFound):
        await other.library.delete(other.workspace, media.id)
    with pytest.raises(SendFailed) as caught:
        await other.at_provider(media)
    assert caught.value.remedy is Remedy.FINAL
    async with files.world.units.begin(other.workspace) as unit:
        assert await list_media(unit, files.world.people, None, 10) == []
        assert await media_of_messages(unit, files.world.people, [message]) == {}
    assert await files.content(media) == PNG


async def test_a_damaged_file_is_not_handed_out(files: Files) -> None:
    media = await files.library.store_upload(files.workspace, upload_of(PNG))
    path = files.path(media)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(SendFailed):
        await files.at_provider(media)
    path.unlink()
    with pytest.raises(NotFound):
        await files.content(media)


async def test_a_file_is_uploaded_once_a_channel(files: Files) -> None:
    media = await files.library.store_upload(files.workspace, upload_of(PNG, filename=None))
    ids = await asyncio.gather(*(files.at_provider(media) for _ in range(20)))
    assert set(ids) == {"provider-file-1"}
    files.restart()
    assert await files.at_provider(media) == "provider-file-1"
    second = await files.world.channel(files.workspace)
    assert await files.at_provider(media, second) == "provider-file-2"
    assert files.provider.uploads == [
        (channel.access.number_id, PNG, "image/png", "file.png") for channel in (files.channel, second)
    ]


async def test_an_inbound_file_can_be_passed_on(files: Files) -> None:
    message = await files.expect(PNG, filename="from Ada.png")
    await files.fetch()
    assert await files.at_provider(await files.of(message)) == "provider-file-1"
    assert files.provider.uploads[0][1:] == (PNG, "image/png", "from Ada.png")


async def test_a_providers_id_is_renewed_before_it_dies(files: Files, universe: Clock) -> None:
    media = await files.library.store_upload(files.workspace, upload_of(PNG))
    assert await files.at_provider(media) == "provider-file-1"
    universe.forward(days=28, hours=23)
    assert await files.at_provider(media) == "provider-file-1"
    universe.forward(hours=2)
    assert await files.at_provider(media) == "provider-file-2"
    universe.forward(days=1)
    with pytest.raises(SendFailed) as caught:
        await files.at_provider(media)
    assert caught.value.remedy is Remedy.FINAL
    assert "upload it again" in caught.value.title


async def test_an_upload_of_unknown_outcome_is_tried_again(files: Files) -> None:
    media = await files.library.store_upload(files.workspace, upload_of(PNG))
    files.provider.failures = [SendFailed(Remedy.UNSURE, code=500, title="No answer")]
    with pytest.raises(SendFailed) as caught:
        await files.at_provider(media)
    assert caught.value.remedy is Remedy.RETRY
    assert await files.at_provider(media) == "provider-file-1"


async def test_a_slow_upload_goes_on_while_its_message_waits(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provider_ids, "PATIENCE_SECONDS", 0.02)
    media = await files.library.store_upload(files.workspace, upload_of(PNG))
    files.provider.gate = asyncio.Event()
    with pytest.raises(SendFailed) as caught:
        await files.at_provider(media)
    assert caught.value.remedy is Remedy.RETRY
    files.provider.gate.set()
    monkeypatch.setattr(provider_ids, "PATIENCE_SECONDS", 20.0)
    assert await files.at_provider(media) == "provider-file-1"
    assert len(files.provider.uploads) == 1


async def test_the_database_away_is_a_reason_to_try_again(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    media = await files.library.store_upload(files.workspace, upload_of(PNG))

    def away() -> None:
        raise Unavailable("The database can't be reached.", retry_after=2)

    monkeypatch.setattr(files.world.content, "acquire", away)
    with pytest.raises(SendFailed) as caught:
        await files.at_provider(media)
    assert (caught.value.remedy, caught.value.retry_after) == (Remedy.RETRY, 2)


async def test_an_unknown_file_is_refused_with_a_sentence(files: Files) -> None:
    with pytest.raises(SendFailed, match="upload it") as caught:
        await files.library.at_provider(files.channel, files.provider, MediaId(new_uuid()))
    assert caught.value.remedy is Remedy.FINAL


async def test_a_deleted_file_is_sent_no_more(files: Files) -> None:
    media = await files.library.store_upload(files.workspace, upload_of(PNG))
    await files.at_provider(media)
    await files.library.delete(files.workspace, media.id)
    with pytest.raises(SendFailed):
        await files.at_provider(media)
    assert (await files.rows(), await files.uploads(), files.on_disk()) == (0, 0, [])
