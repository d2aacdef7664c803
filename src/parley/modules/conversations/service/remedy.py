"""What a failed send asks for besides the message itself: slow a number, stop a channel, pause a template, opt out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from parley.core.content import Content
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.channels import Pause, pause_channel, slow_down
from parley.modules.channels.ports import Remedy, SendFailed
from parley.modules.conversations.retry import number_rests_until
from parley.modules.conversations.service.template_rules import template_named
from parley.modules.conversations.store.claims import Claimed
from parley.modules.privacy import Consent, record_consent
from parley.modules.templates import pause_template

SHORT_PAUSE = timedelta(minutes=15)
"""A number the provider stopped for a reason that may pass is tried again after this."""
TEMPLATE_PAUSE = timedelta(hours=3)
"""A template's first pause by the provider lasts this long (Meta, template pausing); its webhook ends it earlier."""


@dataclass(frozen=True, slots=True)
class Remedied:
    """A failed message and why; the content where it could be read."""

    message: Claimed
    failure: SendFailed
    content: Content | None

    @property
    def scope(self) -> object:
        """What the remedy is applied to, once a group."""
        match self.failure.remedy:
            case Remedy.OPTED_OUT:
                return self.message.contact
            case Remedy.PAUSE_TEMPLATE:
                return template_named(self.content)
        return self.message.channel


async def apply_remedies(unit: Unit, keys: KeyService, failed: Sequence[Remedied]) -> None:
    """Do what the failures ask for."""
    done: set[tuple[object, Remedy]] = set()
    for each in failed:
        if (each.scope, each.failure.remedy) not in done:
            done.add((each.scope, each.failure.remedy))
            await _apply(unit, keys, each)


async def _apply(unit: Unit, keys: KeyService, each: Remedied) -> None:
    message, failure = each.message, each.failure
    match failure.remedy:
        case Remedy.THROTTLE_NUMBER:
            until = number_rests_until(message.attempt, failure.retry_after, now())
            await slow_down(unit, message.workspace, message.channel, until)
        case Remedy.REFRESH_TOKEN:
            await pause_channel(unit, message.workspace, message.channel, Pause("token_refused", failure.code))
        case Remedy.PAUSE_NUMBER:
            why = Pause("paused", failure.code, now() + SHORT_PAUSE)
            await pause_channel(unit, message.workspace, message.channel, why)
        case Remedy.PAUSE_TEMPLATE:
            name, language = template_named(each.content)
            await pause_template(unit, message.workspace, (name, language), now() + TEMPLATE_PAUSE)
        case Remedy.OPTED_OUT if failure.code:
            await record_consent(unit, keys, [_withdrawn(message)])


def _withdrawn(message: Claimed) -> Consent:
    return Consent(
        workspace=message.workspace,
        contact=message.contact,
        state="withdrawn",
        method="provider_error",
        occurred_at=now(),
        message=message.id,
        evidence=message.id.hex,
    )
