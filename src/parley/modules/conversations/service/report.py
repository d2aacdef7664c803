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
from parley.modules.conversations.store.arrivals import PROVIDER_ID
from parley.modules.privacy import Consent, People, record_consent

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


async def report(unit: Unit, people: People, reports: Sequence[Report]) -> None:
    """Apply statuses; those of messages not known yet are parked until they are."""
    applied = await store.apply(unit, [await _row(people.scopes, each) for each in reports])
    await note(unit, people.scopes, applied)
    await _learn(unit, people, reports, applied)


async def _learn(unit: Unit, people: People, reports: Sequence[Report], applied: Sequence[store.Applied]) -> None:
    """A message whose answer we never got has a provider's id since its first status, found by the id of ours."""
    unanswered = {each.message: each for each in applied if each.before < Status.ACCEPTED}
    told = {ours: each.change.provider_id for each in reports if (ours := _ours(each.change)) in unanswered}
    if not told:
        return
    keys = await people.keys_of([(unanswered[message].workspace, unanswered[message].contact) for message in told])
    learned = []
    for message, provider_id in told.items():
        workspace, key = unanswered[message].workspace, keys.get(unanswered[message].contact)
        if key is not None:
            ref = blind_index(people.scopes.held(workspace).index, REF, provider_id)
            learned.append((workspace, ref, message, PROVIDER_ID.seal(key, workspace, message, provider_id)))
    if learned:
        await store.learn(unit, learned)


def _ours(change: StatusChange) -> MessageId | None:
    """The message by the id of ours that the provider carried."""
    ours = parse_public("msg", change.callback_data) if change.callback_data else None
    return MessageId(ours) if ours else None


async def note(unit: Unit, keys: KeyService, applied: Sequence[store.Applied]) -> None:
    """Record what statuses changed."""
    for each in applied:
        if each.status == Status.SENT and each.told_sent:
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
    part = blind_index(own.index, "part", change.participant) if change.participant else store.WHOLE
    ref = blind_index(own.index, REF, change.provider_id)
    words = "; ".join(error.detail for error in change.errors if error.detail)
    return store.Reported(
        workspace=workspace,
        message=_ours(change),
        ref=ref,
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
