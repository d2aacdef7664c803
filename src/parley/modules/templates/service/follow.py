"""Follow what a provider says of templates: by its answers, by its lists, by its webhooks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from parley.core.events import Event
from parley.core.ids import TemplateId, WorkspaceId, new_uuid
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.channels import word_of
from parley.modules.channels.events import TemplateNoticed
from parley.modules.templates import store
from parley.modules.templates.domain import Change, Seen, Template, first_change, follow
from parley.modules.templates.events import (
    TemplateCategoryChanged,
    TemplateQualityChanged,
    TemplateStatusChanged,
)
from parley.modules.templates.service.read import opened

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When nothing was said of a template's status, quality or category yet."""

_FACTS: dict[str, type[Event]] = {
    "status": TemplateStatusChanged,
    "quality": TemplateQualityChanged,
    "category": TemplateCategoryChanged,
}


async def see(unit: Unit, keys: KeyService, workspace: WorkspaceId, seen: Seen) -> Template:
    """Keep what was said of a template, with its history and the facts. The template as it is now."""
    named = (seen.account, seen.name, seen.language)
    row = await store.hold(unit, workspace, named)
    if row is None:
        met = _met(workspace, seen)
        if await store.add(unit, await _sealed(keys, met)):
            await _note(unit, met, [first_change(met)])
            return met
        row = await store.hold(unit, workspace, named)
    if row is None:
        raise RuntimeError("A template vanished while it was held.")
    template, changes = follow(await opened(keys, row), seen)
    template = replace(template, updated_at=now())
    await store.update(unit, await _sealed(keys, template))
    await _note(unit, template, changes)
    return template


async def follow_notices(unit: Unit, keys: KeyService, notices: Sequence[TemplateNoticed]) -> None:
    """What webhooks said. A template whose text changed, or is not known, is read at the provider soon."""
    stale: set[tuple[WorkspaceId, str]] = set()
    for each in notices:
        fact, channel = each.fact, each.channel
        account = fact.account.account_id or channel.access.account_id
        if not fact.name or not fact.language:
            stale.add((channel.workspace, account))
            continue
        template = await see(unit, keys, channel.workspace, _seen(each, account))
        if fact.change == "components" or template.body is None:
            stale.add((channel.workspace, account))
    for workspace, account in sorted(stale):
        await store.request_sync(unit, workspace, account, now())
    if stale:
        unit.wake("templates")


def _seen(notice: TemplateNoticed, account: str) -> Seen:
    fact = notice.fact
    return Seen(
        account=account,
        name=fact.name,
        language=fact.language,
        at=fact.at or notice.at,
        provider_id=fact.provider_id or None,
        category=word_of(fact.category) if fact.category else None,
        status=word_of(fact.status) if fact.status and fact.change == "status" else None,
        quality=word_of(fact.quality) if fact.quality else None,
        reason=word_of(fact.reason) if fact.reason else None,
    )


def _met(workspace: WorkspaceId, seen: Seen) -> Template:
    """A template met for the first time. A provider that tells its quality or category takes it: it is approved."""
    return Template(
        id=TemplateId(new_uuid()),
        workspace=workspace,
        account=seen.account,
        provider_id=seen.provider_id,
        name=seen.name,
        language=seen.language,
        category=seen.category,
        status=seen.status or "APPROVED",
        quality=seen.quality,
        reason=seen.reason,
        paused_until=None,
        category_at=seen.at if seen.category else NEVER,
        status_at=seen.at if seen.status else NEVER,
        quality_at=seen.at if seen.quality else NEVER,
        created_at=now(),
        updated_at=now(),
        body=seen.body,
    )


async def _sealed(keys: KeyService, template: Template) -> store.Row:
    own = await keys.scope(template.workspace)
    return store.Row(
        workspace=template.workspace,
        id=template.id,
        account=template.account,
        provider_id=template.provider_id,
        name=template.name,
        language=template.language,
        category=template.category,
        status=template.status,
        quality=template.quality,
        reason=template.reason,
        paused_until=template.paused_until,
        category_at=template.category_at,
        status_at=template.status_at,
        quality_at=template.quality_at,
        created_at=template.created_at,
        updated_at=template.updated_at,
        body=store.BODY.seal(own.data, template.workspace, template.id, template.body) if template.body else None,
    )


async def _note(unit: Unit, template: Template, changes: Sequence[Change]) -> None:
    for change in changes:
        change_id: UUID = new_uuid()
        await store.note(unit, (template.workspace, template.id), change_id, change)
        account, name, language = template.named
        words = {"before": change.before, "after": change.after, "reason": change.reason}
        told = {key: value for key, value in words.items() if value is not None}
        told.update(waba_id=account, name=name, language=language)
        unit.record(_FACTS[change.aspect](workspace=template.workspace, at=now(), subject=template.id, detail=told))
