"""Facts about files. `subject` is the file; `contact` and `message` are those it came with."""

from dataclasses import dataclass
from typing import ClassVar

from parley.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaStored(Event):
    """An inbound file was fetched and is kept."""

    kind: ClassVar[str] = "media.stored"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFailed(Event):
    """An inbound file will not be fetched any more; `detail` has the reason and the provider's code."""

    kind: ClassVar[str] = "media.failed"
