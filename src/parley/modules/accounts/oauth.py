"""Apps of partners: what they are, and the rules of what they are given. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

from parley.core.errors import Fault, InvalidInput, fault
from parley.core.ids import WorkspaceId
from parley.modules.accounts.domain import MAX_NAME
from parley.modules.accounts.scopes import ACTIONS, ALL, RESOURCES, check_scopes

Kind = Literal["code", "access", "refresh"]
LIFETIMES: dict[Kind, timedelta] = {
    "code": timedelta(seconds=60),
    "access": timedelta(hours=1),
    "refresh": timedelta(days=90),
}
"""A code crosses one redirect; an access token can't be asked after where it leaked; a refresh token unused for a
quarter belongs to an app that nobody uses."""
PREFIXES: dict[Kind, str] = {"code": "parley_ac_", "access": "parley_at_", "refresh": "parley_rt_"}

RESERVED = frozenset(("api-keys", "oauth-apps", "oauth-installations", "members", "roles", "audit-log"))
"""What decides who may do what is no app's."""
APP_SCOPES = tuple(f"{name}:{action}" for name in RESOURCES if name not in RESERVED for action in (*ACTIONS, ALL))
"""What apps may ask for."""
MAX_REDIRECTS = 10
MAX_REDIRECT_CHARS = 500
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True, kw_only=True)
class AppTerms:
    """What an app is called, where codes may be sent, and the most that it may ask for."""

    name: str
    redirect_uris: tuple[str, ...]
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """An app as the authorization server knows it."""

    workspace: WorkspaceId
    id: UUID
    terms: AppTerms
    secret: bytes
    """The SHA-256 of its secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """That an app may act for a workspace."""

    workspace: WorkspaceId
    id: UUID
    app: UUID
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A code or token that was given, as known by its secret."""

    workspace: WorkspaceId
    id: UUID
    installation: UUID
    app: UUID
    family: UUID
    kind: Kind
    scopes: tuple[str, ...]
    redirect_uri: bytes | None
    challenge: bytes | None
    issued_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    def works(self, now: datetime) -> bool:
        return self.used_at is None and self.revoked_at is None and now < self.expires_at


def check_app(terms: AppTerms) -> None:
    """Raises InvalidInput naming everything wrong with an app."""
    check_scopes(terms.scopes)
    faults = _scope_faults(terms.scopes)
    if not 1 <= len(terms.name.strip()) <= MAX_NAME:
        faults.append(fault("/name", "length", "The name has 1 to 100 characters."))
    if len(terms.redirect_uris) > MAX_REDIRECTS:
        faults.append(fault("/redirect_uris", "too_many", f"At most {MAX_REDIRECTS}."))
    faults += [
        fault(f"/redirect_uris/{at}", "bad_redirect_uri", "Write https://… without a fragment; http only to loopback.")
        for at, each in enumerate(terms.redirect_uris)
        if not is_redirect_uri(each)
    ]
    if faults:
        raise InvalidInput("The app can't be like this.", faults)


def _scope_faults(scopes: Sequence[str]) -> list[Fault]:
    sentence = "An app names each resource; those about access itself it can't have."
    return [
        fault(f"/scopes/{at}", "not_for_apps", sentence)
        for at, scope in enumerate(scopes)
        if scope == ALL or scope.partition(":")[0] in RESERVED
    ]


def is_redirect_uri(text: str) -> bool:
    """Whether codes may be sent there: an absolute https address, or one of the app's own machine."""
    try:
        parts = urlsplit(text)
        host = parts.netloc.rpartition("@")[2].rpartition(":")[0] or parts.netloc
    except ValueError:
        return False
    plain = text.isascii() and text.isprintable() and " " not in text and len(text) <= MAX_REDIRECT_CHARS
    if not plain or not parts.netloc or "@" in parts.netloc or "#" in text or "\\" in text:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and (host in _LOOPBACK or parts.netloc in _LOOPBACK))
