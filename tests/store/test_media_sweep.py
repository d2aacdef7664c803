"""After its term nothing of a file is left, wherever the sweeper was stopped; what has a term to go is left alone."""

from uuid import UUID

import asyncpg
import pytest

from parley.core.ids import new_uuid
from parley.kit.storage import FileId, Storage
from parley.modules.media import Media, store
from tests.fakes.files import KEY, in_chunks
from tests.fakes.media import PNG, Files, upload_of
from tests.fakes.universe import Clock

pytestmark = pytest.mark.store


async def old_and_new(files: Files, universe: Clock) -> tuple[Media, Media]:
    """One inbound file, uploaded too, whose term has passed, and one upload whose term has not."""
    message = await files.expect(PNG)
    await files.fetch()
    old = await files.of(message)
    await files.at_provider(old)
    universe.forward(days=2)
    new = await files.library.store_upload(files.workspace, upload_of(PNG))
    await files.at_provider(new)
    universe.forward(days=28, seconds=1)
    return old, new


async def only_the_new_is_left(files: Files, old: Media, new: Media) -> None:
    assert files.on_disk() == [files.path(new)]
    assert not files.path(old).parent.exists()
    assert (await files.rows(), await files.uploads()) == (1, 1)
    assert await files.content(new) == PNG


async def test_a_file_past_its_term_is_gone(files: Files, universe: Clock) -> None:
    old, new = await old_and_new(files, universe)
    assert await files.sweeper.work() == 1
    assert await files.sweeper.work() == 0
    await only_the_new_is_left(files, old, new)


class Killed(BaseException):
    """The sweeper stops here, as by kill -9."""


STEPS = ["before the file", "after the file", "after the row"]


@pytest.mark.parametrize("step", STEPS)
async def test_a_killed_sweeper_is_finished_by_the_next(
    files: Files, universe: Clock, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    old, new = await old_and_new(files, universe)
    place, name = (store, "delete") if step == "after the file" else (Storage, "delete")

    async def killed(*_: object) -> None:
        raise Killed

    if step == "after the row":
        assert await files.sweeper.delete_expired() == 1
    else:
        with monkeypatch.context() as patch:
            patch.setattr(place, name, killed)
            with pytest.raises(Killed):
                await files.sweeper.work()
        assert await files.rows() == 2
    files.restart()
    while await files.sweeper.work():
        pass
    await only_the_new_is_left(files, old, new)


async def test_a_file_nobody_knows_is_deleted_after_a_day(files: Files, universe: Clock) -> None:
    kept = await files.library.store_upload(files.workspace, upload_of(PNG))
    await files.library.keep(files.workspace, upload_of(PNG))
    left = kept_draft(files)
    assert await files.sweeper.delete_orphans() == 0
    universe.forward(hours=23)
    assert await files.sweeper.delete_orphans() == 0
    assert len(files.on_disk()) == 3
    universe.forward(hours=2)
    assert await files.sweeper.delete_orphans() == 2
    assert files.on_disk() == [files.path(kept)]
    assert left.hex not in "".join(map(str, files.on_disk()))


def kept_draft(files: Files) -> UUID:
    """A draft whose writer was killed."""
    draft = new_uuid()
    (files.on_disk()[0].parent / f"{draft.hex}.draft").write_bytes(b"half a file")
    return draft


async def test_a_file_of_an_unknown_workspace_is_an_orphan(files: Files, universe: Clock) -> None:
    stranger = FileId(new_uuid(), new_uuid())
    await files.world.storage.write(stranger, KEY, in_chunks(PNG))
    universe.forward(days=2)
    assert await files.sweeper.work() == 0
    assert files.on_disk() == []


NO_TERMS = [
    "update media set expires_at = null",
    "update media set expires_at = 'infinity'",
    "update media set expires_at = created_at",
]


@pytest.mark.parametrize("statement", NO_TERMS)
async def test_a_file_without_a_term_can_not_be(files: Files, statement: str) -> None:
    await files.library.store_upload(files.workspace, upload_of(PNG))
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await files.world.look(statement)
