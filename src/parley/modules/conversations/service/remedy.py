"""What a failed send asks for besides the message itself: slow a number, stop a channel, pause a template, opt out."""

from collections.abc import Sequence
from datetime import timedelta

from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.channels import Pause, pause_channel, slow_down
from parley.modules.channels.ports import Remedy, SendFailed
from parley.modules.conversations.retry import number_rests_until
from parley.modules.conversations.store.claims import Claimed
from parley.modules.privacy import Consent, record_consent

SHORT_PAUSE = timedelta(minutes=15)
"""A number the provider stopped for a reason that may pass is tried again after this."""


async def apply_remedies(unit: Unit, keys: KeyService, failed: Sequence[tuple[Claimed, SendFailed]]) -> None:
    """Do what the failures ask for; each channel once a group."""
    done: set[tuple[object, Remedy]] = set()
    for message, failure in failed:
        scope = message.contact if failure.remedy is Remedy.OPTED_OUT else message.channel
        if (scope, failure.remedy) in done:
            continue
        done.add((scope, failure.remedy))
        await _apply(unit, keys, message, failure)


async def _apply(unit: Unit, keys: KeyService, message: Claimed, failure: SendFailed) -> None:
    match failure.remedy:
        case Remedy.THROTTLE_NUMBER:
            until = number_rests_until(message.attempt, failure.retry_after, now())
            await slow_down(unit, message.workspace, message.channel, until)
        case Remedy.REFRESH_TOKEN:
            why = Pause(state="token_refused", code=failure.code)
            await pause_channel(unit, message.workspace, message.channel, why)
        case Remedy.PAUSE_NUMBER:
            why = Pause(state="paused", code=failure.code, until=now() + SHORT_PAUSE)
            await pause_channel(unit, message.workspace, message.channel, why)
        case Remedy.OPTED_OUT if failure.code:
            said = Consent(
                workspace=message.workspace,
                contact=message.contact,
                state="withdrawn",
                method="provider_error",
                occurred_at=now(),
                message=message.id,
                evidence=message.id.hex,
            )
            await record_consent(unit, keys, [said])
