"""Inbound messages came with files: queue them, to be fetched at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from parley.core.ids import ChannelId, ContactId, MediaId, MessageId, WorkspaceId, new_uuid
from parley.core.time import now
from parley.kit.crypto import Key, blind_index
from parley.kit.unit import Unit
from parley.modules.channels.inbound import MediaFile
from parley.modules.media import store
from parley.modules.media.domain import KEPT, PROVIDER_REF, About, kind_of, read_filename, read_type
from parley.modules.privacy import People

MAX_URL = 4096
"""Characters; a longer address is no use, the file is asked for by its id then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedFile:
    """A file that came with a message."""

    workspace: WorkspaceId
    contact: ContactId
    message: MessageId
    channel: ChannelId
    file: MediaFile


async def expect_files(unit: Unit, people: People, expected: Sequence[ExpectedFile]) -> None:
    """Queue each file once a message, in the unit that stores the messages."""
    if not expected:
        return
    keys = await people.keys_of([(each.workspace, each.contact) for each in expected])
    for workspace in {each.workspace for each in expected}:
        await people.scopes.scope(workspace)
    rows = [
        _row(each, key, people.scopes.held(each.workspace).index)
        for each in expected
        if (key := keys.get(each.contact)) is not None
    ]
    if rows:
        moment = now()
        await store.expect(unit, rows, moment, moment + KEPT)
        unit.wake("media")


def _row(expected: ExpectedFile, key: Key, index: bytes) -> store.Expected:
    media = MediaId(new_uuid())
    file = expected.file
    declared = read_type(file.content_type)
    about = About(
        filename=read_filename(file.filename),
        declared=declared,
        provider_id=file.provider_id,
        url=file.url if file.url and len(file.url) <= MAX_URL else None,
        promised=file.sha256,
    )
    return store.Expected(
        workspace=expected.workspace,
        id=media,
        contact=expected.contact,
        message=expected.message,
        channel=expected.channel,
        kind=kind_of(file.kind, declared),
        about=store.ABOUT.seal(key, expected.workspace, media, about),
        ref=blind_index(index, PROVIDER_REF, file.provider_id),
    )
