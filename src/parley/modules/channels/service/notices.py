"""Keep what a provider said about accounts, numbers, templates, calls, groups, forms, and what we don't know."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from parley.core.events import Event
from parley.core.ids import ChannelId, WorkspaceId, new_uuid
from parley.core.time import now
from parley.kit.crypto import blind_index
from parley.kit.keys import KeyService, ScopeKeys
from parley.kit.unit import Unit
from parley.modules.channels.domain import RATES, Channel, word_of
from parley.modules.channels.events import (
    CallEnded,
    CallStarted,
    CallUpdated,
    ChannelNoticed,
    TemplateNoticed,
)
from parley.modules.channels.inbound import AccountEvent, CallEvent, FormEvent, GroupEvent, TemplateEvent, Unknown
from parley.modules.channels.service.health import request_check
from parley.modules.channels.store import channels as store
from parley.modules.channels.store import deliveries

Noticeable = AccountEvent | CallEvent | FormEvent | GroupEvent | TemplateEvent | Unknown


@dataclass(frozen=True, slots=True)
class Noticed:
    """A fact about a channel, and the channel."""

    channel: Channel
    fact: Noticeable


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A kept fact, opened."""

    id: UUID
    channel: ChannelId | None
    kind: str
    field: str
    event: str
    at: datetime | None
    received_at: datetime
    body: dict[str, object]


async def keep_notices(unit: Unit, keys: KeyService, noticed: Sequence[Noticed]) -> None:
    """Store each once, record what happened, and let rates follow."""
    rows = [(each, new_uuid(), await _row_parts(keys, each)) for each in noticed]
    added = await deliveries.add_notices(
        unit,
        [
            deliveries.NoticeRow(
                workspace=each.channel.workspace,
                id=notice,
                channel=each.channel.id,
                digest=digest,
                kind=_kind(each.fact),
                field=word_of(getattr(each.fact, "field", _kind(each.fact))),
                event=word_of(_event_of(each.fact)),
                at=each.fact.at,
                body=deliveries.NOTICE.seal(own.data, each.channel.workspace, notice, body),
            )
            for each, notice, (own, digest, body) in rows
        ],
    )
    for each, notice, _ in rows:
        if notice in added:
            unit.record(_fact(each, notice))
            await _follow(unit, each)


async def list_notices(
    unit: Unit, keys: KeyService, channel: UUID | None, after: UUID | None, limit: int
) -> list[Notice]:
    """A page of a workspace's notices, newest first."""
    return await _open(unit, keys, await deliveries.notices_page(unit, channel, after, limit))


async def notices_of(unit: Unit, keys: KeyService, wanted: Sequence[UUID]) -> dict[UUID, Notice]:
    """Those of these notices that there are."""
    return {each.id: each for each in await _open(unit, keys, await deliveries.notices_of(unit, wanted))}


async def _open(unit: Unit, keys: KeyService, rows: Sequence[deliveries.StoredNotice]) -> list[Notice]:
    own = await keys.scope(unit.workspace)
    return [
        Notice(
            id=row.id,
            channel=row.channel,
            kind=row.kind,
            field=row.field,
            event=row.event,
            at=row.at,
            received_at=row.received_at,
            body=deliveries.NOTICE.unseal(own.data, row.workspace, row.id, row.body),
        )
        for row in rows
    ]


async def _row_parts(keys: KeyService, each: Noticed) -> tuple[ScopeKeys, bytes, dict[str, object]]:
    own = await keys.scope(each.channel.workspace)
    body = {name: value for name, value in asdict(each.fact).items() if name != "account" and value is not None}
    clear = msgspec.json.encode(body, order="sorted")
    return own, blind_index(own.index, "notice", _kind(each.fact).encode() + clear), msgspec.json.decode(clear)


def _kind(fact: Noticeable) -> str:
    match fact:
        case TemplateEvent():
            return "template"
        case CallEvent():
            return "call"
        case GroupEvent():
            return "group"
        case FormEvent():
            return "form"
        case AccountEvent():
            return "account"
    return "unknown"


def _event_of(fact: Noticeable) -> str:
    match fact:
        case TemplateEvent(status=str(status)):
            return status
        case TemplateEvent(change=change):
            return change
        case Unknown(reason=reason):
            return reason.partition(":")[0]  # what follows is the provider's, and stays in the sealed body
    return fact.event


def _fact(each: Noticed, notice: UUID) -> Event:
    workspace: WorkspaceId = each.channel.workspace
    at = each.fact.at or now()
    detail = {"channel_id": str(each.channel.id), "event": word_of(_event_of(each.fact)), "kind": _kind(each.fact)}
    match each.fact:
        case TemplateEvent() as fact:
            return TemplateNoticed(
                workspace=workspace, at=at, subject=notice, detail=detail, channel=each.channel, fact=fact
            )
        case CallEvent(event="connect"):
            return CallStarted(workspace=workspace, at=at, subject=notice, detail=detail)
        case CallEvent(event="terminate"):
            return CallEnded(workspace=workspace, at=at, subject=notice, detail=detail)
        case CallEvent():
            return CallUpdated(workspace=workspace, at=at, subject=notice, detail=detail)
    return ChannelNoticed(workspace=workspace, at=at, subject=notice, detail=detail)


async def _follow(unit: Unit, each: Noticed) -> None:
    """What a notice changes here: the number is looked at soon, and an upgraded one sends faster at once."""
    if isinstance(each.fact, AccountEvent):
        await request_check(unit, each.channel.workspace, each.channel.id)
    if isinstance(each.fact, AccountEvent) and each.fact.event == "THROUGHPUT_UPGRADE":
        await store.set_rate(unit, each.channel.workspace, each.channel.id, RATES["HIGH"])
        unit.wake("channels")
