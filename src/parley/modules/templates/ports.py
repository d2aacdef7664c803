"""What this room needs of a provider: its templates created, changed, deleted and listed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from parley.core.errors import Fault
from parley.modules.channels.ports import ChannelAccess
from parley.modules.templates.domain import Edit, NewTemplate, Seen, TemplateBody

__all__ = ["Edit", "Listed", "NewTemplate", "Seen", "TemplateBody", "TemplateExists", "TemplateProvider"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A page of a provider's templates; `after` leads to the next, None on the last."""

    templates: Sequence[Seen]
    after: str | None


class TemplateExists(Exception):
    """The account has this name in this language already."""


class TemplateProvider(Protocol):
    """One vendor's templates. `check` is pure; the others raise SendFailed."""

    def check(self, template: NewTemplate) -> Sequence[Fault]:
        """What the provider would refuse, each with a JSON Pointer into the request; empty when fine."""
        ...

    async def create(self, access: ChannelAccess, template: NewTemplate) -> Seen:
        """Create it; its id, status and category there. Raises SendFailed, TemplateExists."""
        ...

    async def edit(self, access: ChannelAccess, provider_id: str, change: Edit) -> None:
        """Change it; it is judged anew."""
        ...

    async def delete(self, access: ChannelAccess, name: str, provider_id: str | None) -> None:
        """Delete one language, or with no id all languages of the name. What is not there is deleted."""
        ...

    async def find(self, access: ChannelAccess, name: str, language: str) -> Seen | None:
        """One template as the provider has it now."""
        ...

    async def page(self, access: ChannelAccess, after: str | None) -> Listed:
        """A page of the account's templates."""
        ...
