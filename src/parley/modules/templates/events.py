"""Facts about templates. `subject` is the template; `detail` has its channel's account, the words before and after."""

from dataclasses import dataclass
from typing import ClassVar

from parley.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateStatusChanged(Event):
    """Approved, rejected, paused, disabled, deleted, or met for the first time."""

    kind: ClassVar[str] = "template.status_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateQualityChanged(Event):
    """Its readers like it more or less."""

    kind: ClassVar[str] = "template.quality_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateCategoryChanged(Event):
    """The provider put it into another category, which has another price and other rules."""

    kind: ClassVar[str] = "template.category_changed"
