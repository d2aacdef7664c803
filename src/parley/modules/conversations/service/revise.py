"""Edits and withdrawals arrive: the original stays, the later word is kept beside it, also when it came first."""

from collections.abc import Sequence
from dataclasses import dataclass

from parley.core.events import Event
from parley.kit.crypto import SealedColumn, blind_index
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.channels import Channel, inbound
from parley.modules.conversations.domain import MessageBody
from parley.modules.conversations.events import MessageEdited, MessageRevoked
from parley.modules.conversations.service.receive import REF
from parley.modules.conversations.store import arrivals as store

REVISED = SealedColumn("message_revision", "body", MessageBody)
"""Sealed with the workspace's key: the message it belongs to is found by the statement that stores it."""


@dataclass(frozen=True, slots=True)
class Revising:
    """An edit or withdrawal and the channel it came by."""

    channel: Channel
    change: inbound.MessageEdited | inbound.MessageRevoked


async def revise(unit: Unit, keys: KeyService, revisings: Sequence[Revising]) -> None:
    """Keep each once, and record what happened to messages we have; the others' are shown once their message comes."""
    rows = [await _row(keys, each) for each in revisings]
    for done in await store.revise(unit, rows):
        happened: type[Event] = MessageEdited if done.kind == "edited" else MessageRevoked
        unit.record(
            happened(
                workspace=done.workspace,
                at=done.at,
                contact=done.contact,
                conversation=done.conversation,
                message=done.message,
            )
        )


async def _row(keys: KeyService, each: Revising) -> store.Revision:
    workspace, change = each.channel.workspace, each.change
    own = await keys.scope(workspace)
    edited = isinstance(change, inbound.MessageEdited)
    return store.Revision(
        workspace=workspace,
        original=blind_index(own.index, REF, change.original_id),
        ref=blind_index(own.index, REF, change.provider_id),
        kind="edited" if edited else "revoked",
        at=change.at,
        body=REVISED.seal(own.data, workspace, workspace, words_of(change)),
    )


def words_of(change: inbound.MessageEdited | inbound.MessageRevoked) -> MessageBody:
    """The new content, of a withdrawal none; and the later word's own id at the provider."""
    own_id: dict[str, object] = {"id": change.provider_id}
    if isinstance(change, inbound.MessageRevoked):
        return MessageBody(kind="revoke", body={}, beside=own_id)
    content = change.content
    return MessageBody(kind=content.kind, body=dict(content.body), context=content.context, beside=own_id)
