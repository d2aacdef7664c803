"""Statuses arrive: each is kept once, and moves its message forward only."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from parley.core.events import Event
from parley.core.ids import MessageId, parse_public
from parley.core.json import JsonObject
from parley.kit.crypto import blind_index
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.channels import Channel
from parley.modules.channels.inbound import StatusChange
from parley.modules.conversations.domain import PROVIDER_STATUS, Status
from parley.modules.conversations.events import (
    MessageDelivered,
    MessageFailed,
    MessagePlayed,
    MessageRead,
    MessageSent,
)
from parley.modules.conversations.service.receive import REF
from parley.modules.conversations.service.settle import WORDS
from parley.modules.conversations.store import statuses as store
from parley.modules.privacy import Consent, record_consent

OPTED_OUT_CODE = 131050
"""Meta: the person stopped marketing messages from this business."""

_FACTS: dict[int, type[Event]] = {
    Status.SENT: MessageSent,
    Status.DELIVERED: MessageDelivered,
    Status.READ: MessageRead,
    Status.PLAYED: MessagePlayed,
    Status.FAILED: MessageFailed,
}


@dataclass(frozen=True, slots=True)
class Report:
    """A status and the channel it came by."""

    channel: Channel
    change: StatusChange


async def report(unit: Unit, keys: KeyService, reports: Sequence[Report]) -> None:
    """Apply statuses; those of messages not known yet are parked until they are."""
    await note(unit, keys, await store.apply(unit, [await _row(keys, each) for each in reports]))


async def note(unit: Unit, keys: KeyService, applied: Sequence[store.Applied]) -> None:
    """Record what statuses changed."""
    for each in applied:
        if each.status == Status.SENT and each.before >= Status.ACCEPTED:
            continue
        unit.record(
            _FACTS[each.status](
                workspace=each.workspace,
                at=each.at,
                contact=each.contact,
                conversation=each.conversation,
                message=each.message,
                detail=_codes(each),
            )
        )
        if each.status == Status.FAILED and _is_opt_out(each):
            await record_consent(unit, keys, [_withdrawn(each)])


async def _row(keys: KeyService, each: Report) -> store.Reported:
    change, workspace = each.change, each.channel.workspace
    own = await keys.scope(workspace)
    message = parse_public("msg", change.callback_data) if change.callback_data else None
    part = blind_index(own.index, "part", change.participant) if change.participant else store.WHOLE
    ref = blind_index(own.index, REF, change.provider_id)
    words = "; ".join(error.detail for error in change.errors if error.detail)
    return store.Reported(
        workspace=workspace,
        message=MessageId(message) if message else None,
        ref=ref,
        provider_id=None,
        status=PROVIDER_STATUS[change.status],
        part=part,
        at=change.at,
        detail=_detail(change),
        words=WORDS.seal(own.data, workspace, workspace, words) if words else None,
    )


def _detail(change: StatusChange) -> str | None:
    detail: dict[str, object] = {}
    if change.errors:
        detail["errors"] = [{"code": e.code, "title": e.title, "doc_url": e.doc_url} for e in change.errors]
    if change.pricing:
        detail["pricing"] = dict(change.pricing)
    return msgspec.json.encode(detail).decode() if detail else None


def _codes(applied: store.Applied) -> JsonObject | None:
    errors = msgspec.json.decode(applied.detail).get("errors") if applied.detail else None
    return {"code": errors[0]["code"]} if errors else None


def _is_opt_out(applied: store.Applied) -> bool:
    return applied.detail is not None and str(OPTED_OUT_CODE) in applied.detail


def _withdrawn(applied: store.Applied) -> Consent:
    return Consent(
        workspace=applied.workspace,
        contact=applied.contact,
        state="withdrawn",
        method="provider_error",
        occurred_at=applied.at,
        message=applied.message,
        evidence=applied.message.hex,
    )
