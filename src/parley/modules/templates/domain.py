"""Templates as the provider has them, and what its words change about them. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from parley.core.ids import TemplateId, WorkspaceId
from parley.core.json import JsonObject

Aspect = Literal["status", "quality", "category"]

UNUSABLE: Final = frozenset(("PAUSED", "DISABLED", "REJECTED", "DELETED", "PENDING_DELETION", "LOCKED", "ARCHIVED"))
"""Statuses in which the provider takes no message of the template."""
EDITABLE: Final = frozenset(("APPROVED", "REJECTED", "PAUSED"))
"""Statuses in which a template may be edited (Meta, September 2026)."""
GONE: Final = frozenset(("DELETED", "PENDING_DELETION"))

READ_AGAIN: Final = timedelta(hours=24)
"""Webhooks tell each change; a reading a day finds what one lost never told."""
SYNC_HELD: Final = timedelta(minutes=5)
"""A reading of 6 000 templates takes sixty pages of a second or so; after this it is taken for dead."""
SYNC_RETRY: Final = timedelta(minutes=10)
"""A reading that failed is tried again after this, times its attempts."""


class TemplateBody(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is sealed of a template: its text is the business's own."""

    components: list[dict[str, object]]
    parameter_format: str | None = None
    sub_category: str | None = None
    ttl_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One language of a template, of one account. `body` is None until it was read at the provider."""

    id: TemplateId
    workspace: WorkspaceId
    account: str
    provider_id: str | None
    name: str
    language: str
    category: str | None
    status: str
    quality: str | None
    reason: str | None
    """Why it was rejected, paused or disabled, in the provider's word."""
    paused_until: datetime | None
    category_at: datetime
    status_at: datetime
    quality_at: datetime
    created_at: datetime
    updated_at: datetime
    body: TemplateBody | None = None

    @property
    def named(self) -> tuple[str, str, str]:
        """What it is found by: account, name and language."""
        return self.account, self.name, self.language

    def usable(self, moment: datetime) -> bool:
        """Whether the provider should take it now."""
        return self.status not in UNUSABLE or (self.paused_until is not None and self.paused_until <= moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the provider said of a template at a moment; None where it said nothing."""

    account: str
    name: str
    language: str
    at: datetime
    provider_id: str | None = None
    category: str | None = None
    status: str | None = None
    quality: str | None = None
    reason: str | None = None
    body: TemplateBody | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One step of a template's history."""

    aspect: Aspect
    before: str | None
    after: str
    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTemplate:
    """A template to be created."""

    name: str
    language: str
    category: str
    components: list[JsonObject]
    parameter_format: str | None = None
    sub_category: str | None = None
    ttl_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What is to be changed of a template; None stays. Components are replaced whole."""

    category: str | None = None
    components: list[JsonObject] | None = None
    ttl_seconds: int | None = None


def follow(template: Template, seen: Seen) -> tuple[Template, list[Change]]:
    """The template after what was seen. An older word about status, quality or category never wins."""
    changed = replace(template, provider_id=seen.provider_id or template.provider_id, body=seen.body or template.body)
    if seen.status is not None and seen.at >= template.status_at:
        changed = replace(changed, status=seen.status, status_at=seen.at, reason=seen.reason, paused_until=None)
    if seen.quality is not None and seen.at >= template.quality_at:
        changed = replace(changed, quality=seen.quality, quality_at=seen.at)
    if seen.category is not None and seen.at >= template.category_at:
        changed = replace(changed, category=seen.category, category_at=seen.at)
    return changed, list(_changes(template, changed))


def first_change(template: Template) -> Change:
    """The beginning of a template's history."""
    return Change(aspect="status", before=None, after=template.status, reason=template.reason, at=template.status_at)


def _changes(before: Template, after: Template) -> Iterator[Change]:
    if after.status != before.status:
        yield Change(aspect="status", before=before.status, after=after.status, reason=after.reason, at=after.status_at)
    if after.quality is not None and after.quality != before.quality:
        yield Change(aspect="quality", before=before.quality, after=after.quality, reason=None, at=after.quality_at)
    if after.category is not None and after.category != before.category:
        yield Change(aspect="category", before=before.category, after=after.category, reason=None, at=after.category_at)
