"""Facts about credentials."""

from dataclasses import dataclass
from typing import ClassVar

from parley.core.events import Event
from parley.modules.accounts.key_format import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyCreated(Event):
    """`subject` is the key; `detail` has its mode."""

    kind: ClassVar[str] = "api_key.created"
    mode: Mode = "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyUpdated(Event):
    """`subject` is the key; `detail` names what was changed."""

    kind: ClassVar[str] = "api_key.updated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyRotated(Event):
    """The key has a new secret. `subject` is the key; `detail` says for how many seconds the old one still works."""

    kind: ClassVar[str] = "api_key.rotated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyRevoked(Event):
    """`subject` is the key, which works no more."""

    kind: ClassVar[str] = "api_key.revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyLeaked(Event):
    """Somebody reported the key as found in the open; it was revoked at once. `subject` is the key."""

    kind: ClassVar[str] = "api_key.leaked"


@dataclass(frozen=True, slots=True, kw_only=True)
class OauthAppInstalled(Event):
    """A partner's app may act for the workspace. `subject` is the installation."""

    kind: ClassVar[str] = "oauth_app.installed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OauthAppRemoved(Event):
    """A partner's app may act no more. `subject` is the installation."""

    kind: ClassVar[str] = "oauth_app.removed"
