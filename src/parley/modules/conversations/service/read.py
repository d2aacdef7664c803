"""Read conversations and messages, their contents opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import msgspec

from parley.core.content import Content
from parley.core.errors import NotFound
from parley.core.ids import ConversationId, MessageId, WorkspaceId
from parley.kit.crypto import Key, key_id_of
from parley.kit.unit import Unit
from parley.modules.conversations.domain import MessageBody, Status, Thread
from parley.modules.conversations.service.revise import REVISED
from parley.modules.conversations.service.settle import WORDS
from parley.modules.conversations.stand_in import stand_in
from parley.modules.conversations.store import arrivals, quiet, threads
from parley.modules.privacy import People


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """One step of a message's history."""

    status: str
    at: datetime
    errors: list[dict[str, object]] = field(default_factory=list)
    pricing: dict[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """A later word about a message: `edited` with the new content, or `revoked`, whose body has none."""

    kind: str
    at: datetime
    body: MessageBody | None


@dataclass(frozen=True, slots=True)
class Message:
    """A message as read. `body` is None when the person was erased."""

    row: threads.MessageRow
    body: MessageBody | None
    provider_id: str | None
    statuses: list[StatusEntry]
    revisions: list[Revision]

    @property
    def known_as(self) -> str | None:
        """The id by which a Cloud API program knows it: the stand-in that it was answered with, or the provider's."""
        return stand_in(self.row.id) if self.row.stands_in else self.provider_id

    @property
    def status(self) -> str:
        if self.row.sending and self.row.status == Status.QUEUED:
            return Status.SENDING.public
        return Status(self.row.status).public


async def get_message(unit: Unit, people: People, wanted: MessageId) -> Message:
    """One message with its history. Raises NotFound."""
    row = await threads.message(unit, wanted)
    if row is None:
        raise NotFound("There is no such message in this workspace.")
    return (await _open(unit, people, [row]))[0]


async def list_messages(
    unit: Unit, people: People, after: UUID | None, limit: int, conversation: UUID | None = None
) -> list[Message]:
    """A page, newest first."""
    return await _open(unit, people, await threads.messages(unit, after, limit, conversation))


async def messages_of(unit: Unit, people: People, wanted: Sequence[MessageId]) -> dict[MessageId, Message]:
    """Those of these messages that there are."""
    opened = await _open(unit, people, await threads.messages_of(unit, list(wanted))) if wanted else []
    return {each.row.id: each for each in opened}


async def get_conversation(unit: Unit, wanted: ConversationId) -> threads.ConversationRow:
    """One conversation. Raises NotFound."""
    row = await threads.conversation(unit, wanted)
    if row is None:
        raise NotFound("There is no such conversation in this workspace.")
    return row


@dataclass(frozen=True, slots=True)
class Heard:
    """What a person said, as far as an answer to it needs."""

    message: MessageId
    provider_id: str | None
    content: Content
    referral: Mapping[str, object] | None = None
    """The ad it came by."""


async def heard_since(unit: Unit, people: People, thread: Thread, since: UUID) -> list[Heard]:
    """What the person wrote from this message or moment on (the time inside an id of ours), oldest first."""
    rows = await quiet.heard_since(unit, thread.id, since)
    keys = await people.keys_of([(thread.workspace, key_id_of(body)) for _, body, _ in rows])
    return [
        _heard(keys[key_id_of(body)], thread.workspace, message, (body, provider_id))
        for message, body, provider_id in rows
        if key_id_of(body) in keys
    ]


def _heard(key: Key, workspace: WorkspaceId, message: MessageId, sealed: tuple[bytes, bytes | None]) -> Heard:
    body = arrivals.BODY.unseal(key, workspace, message, sealed[0])
    provider_id = arrivals.PROVIDER_ID.unseal(key, workspace, message, sealed[1]) if sealed[1] else None
    return Heard(message, provider_id, body.content(), body.referral)


async def _open(unit: Unit, people: People, rows: Sequence[threads.MessageRow]) -> list[Message]:
    keys = await people.keys_of([(row.workspace, key_id_of(row.body)) for row in rows])
    ids = [row.id for row in rows]
    history = await _history(unit, people, ids) if ids else {}
    later = await _revisions(unit, people, ids) if ids else {}
    opened = []
    for row in rows:
        key = keys.get(key_id_of(row.body))
        body = arrivals.BODY.unseal(key, row.workspace, row.id, row.body) if key else None
        provider_id = (
            arrivals.PROVIDER_ID.unseal(key, row.workspace, row.id, row.provider_id)
            if key and row.provider_id and key_id_of(row.provider_id) == key.id
            else None
        )
        opened.append(Message(row, body, provider_id, _steps(row, history.get(row.id, [])), later.get(row.id, [])))
    return opened


def _steps(row: threads.MessageRow, entries: list[StatusEntry]) -> list[StatusEntry]:
    """The history from the start; the provider's acceptance is the first `sent`."""
    if not row.outbound:
        return entries
    kept: list[StatusEntry] = [StatusEntry("queued", row.at)] if row.origin in _OURS else []
    for entry in entries:
        if entry.status not in {each.status for each in kept}:
            kept.append(entry)
    return kept


_OURS = frozenset(("bot", "api", "agent", "campaign"))


async def _history(unit: Unit, people: People, ids: list[MessageId]) -> dict[UUID, list[StatusEntry]]:
    own = await people.scopes.scope(unit.workspace)
    history: dict[UUID, list[StatusEntry]] = {}
    for row in await threads.statuses(unit, ids):
        detail = msgspec.json.decode(row.detail) if row.detail else {}
        errors = list(detail.get("errors", ()))
        if row.words and errors:
            workspace = WorkspaceId(unit.workspace)
            errors[0] = {**errors[0], "detail": WORDS.unseal(own.data, workspace, workspace, row.words)}
        entry = StatusEntry(Status(row.status).public, row.at, errors, detail.get("pricing"))
        history.setdefault(row.message, []).append(entry)
    return history


async def _revisions(unit: Unit, people: People, ids: list[MessageId]) -> dict[UUID, list[Revision]]:
    own = await people.scopes.scope(unit.workspace)
    workspace = unit.workspace
    found: dict[UUID, list[Revision]] = {}
    for row in await threads.revisions(unit, ids):
        body = REVISED.unseal(own.data, workspace, workspace, row.body) if row.body else None
        found.setdefault(row.message, []).append(Revision(row.kind, row.at, body))
    return found
