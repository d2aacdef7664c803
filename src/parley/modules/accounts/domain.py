"""Rules of workspaces, people and API keys. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TypeAlias
from uuid import UUID

from parley.core.errors import Fault, Forbidden, InvalidInput, NotFound, fault
from parley.core.ids import KeyId, WorkspaceId, public
from parley.modules.accounts.key_format import Mode
from parley.modules.accounts.scopes import check_scopes, covers

Network: TypeAlias = IPv4Network | IPv6Network

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+\Z")

MIN_PASSWORD = 15
"""Characters when a password is the only factor (NIST SP 800-63B-4)."""
MAX_NAME = 100
MAX_EMAIL = 254
"""The longest address that mail can be sent to (RFC 5321)."""
MAX_PASSWORD = 1024
"""More only makes hashing slow."""
MAX_ADDRESSES = 50
"""Looked through at each request; more are better written as fewer, larger networks."""
DEFAULT_TERM = timedelta(days=90)
"""A key made by the API expires after this, unless it is told otherwise."""
WARNED_BEFORE = timedelta(days=14)
"""From then on each answer says when the key expires."""
MAX_OVERLAP = timedelta(days=7)
"""A secret that was replaced works at most this long: enough for a slow rollout, not for forgetting it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who is asking, and what they may do."""

    workspace: WorkspaceId
    key: KeyId
    """The API key; of an app that a partner made, its installation here."""
    scopes: tuple[str, ...]
    mode: Mode = "live"
    channels: frozenset[UUID] | None = None
    """The only channels it sees; None: all of its mode."""
    addresses: tuple[Network, ...] = ()
    """The only addresses it may come from; none named: any."""
    expires_at: datetime | None = None
    version: date | None = None
    """The version of the API that its first request was served in; None: it never asked."""
    app: UUID | None = None
    """The app that acts, when it is no key of the workspace's own."""

    @property
    def actor(self) -> str:
        """Who it is in public spelling, as recorded with what they do."""
        return public("key", self.key) if self.app is None else public("app", self.app)

    @property
    def bounded(self) -> bool:
        """Whether it sees some channels only; then `*` covers only what belongs to channels."""
        return self.mode == "test" or self.channels is not None


def allows(principal: Principal, resource: str, action: str) -> bool:
    """Whether somebody may do an action (`read`, `write`) on a resource (`messages`, `contacts`, …)."""
    return covers(principal.scopes, f"{resource}:{action}", bounded=principal.bounded)


def may_come_from(principal: Principal, address: str) -> bool:
    """Whether this caller's address is one that the key is used from."""
    if not principal.addresses:
        return True
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in principal.addresses)


def shown_to(principal: Principal, channels: Mapping[UUID, bool]) -> tuple[frozenset[UUID], bool] | None:
    """Which of a workspace's channels (by id: is it the test channel?) somebody sees; None: all there are.

    The channels, and whether they are those hidden rather than those shown.
    """
    test = frozenset(each for each, is_test in channels.items() if is_test)
    if principal.mode == "test":
        return (test if principal.channels is None else test & principal.channels), False
    if principal.channels is not None:
        return principal.channels - test, False
    return (test, True) if test else None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyTerms:
    """What a key is for and may do."""

    name: str
    scopes: tuple[str, ...] = ("*",)
    mode: Mode = "live"
    channels: frozenset[UUID] | None = None
    addresses: tuple[str, ...] = ()
    expires_at: datetime | None = None


def check_terms(terms: KeyTerms, now: datetime) -> None:
    """Raises InvalidInput naming what is wrong."""
    check_scopes(terms.scopes)
    faults: list[Fault] = []
    if not 1 <= len(terms.name.strip()) <= MAX_NAME:
        faults.append(fault("/name", "length", "The name has 1 to 100 characters."))
    if len(terms.addresses) > MAX_ADDRESSES:
        faults.append(fault("/addresses", "too_many", f"At most {MAX_ADDRESSES} networks."))
    faults += [
        fault(f"/addresses/{at}", "bad_network", "Write an address or network like 192.0.2.0/24 or 2001:db8::/32.")
        for at, each in enumerate(terms.addresses)
        if read_network(each) is None
    ]
    if terms.channels is not None and not terms.channels:
        faults.append(fault("/channels", "too_few", "Name at least one channel, or null for all."))
    if terms.expires_at is not None and terms.expires_at <= now:
        faults.append(fault("/expires_at", "in_the_past", "Name a moment to come."))
    if faults:
        raise InvalidInput("The key can't be like this.", faults)


def check_channels(terms: KeyTerms, channels: Mapping[UUID, bool]) -> None:
    """Raises NotFound or InvalidInput when a key is bound to channels that it can't have."""
    wanted = terms.channels or frozenset()
    if wanted - channels.keys():
        raise NotFound("There is no such channel in this workspace; GET /v1/channels lists yours.")
    if terms.mode == "test" and terms.channels is not None:
        sentence = "A test key has the test channel and no other; leave this out."
        raise InvalidInput("The key can't be like this.", [fault("/channels", "not_allowed", sentence)])
    if any(channels[each] for each in wanted):
        sentence = "The test channel is for test keys; make one with mode test."
        raise InvalidInput("The key can't be like this.", [fault("/channels", "not_allowed", sentence)])


def check_within(maker: Principal | None, terms: KeyTerms) -> None:
    """Raises Forbidden when a key would be able to do what its maker is not. `None` made it: the installation."""
    if maker is None:
        return
    beyond = [each for each in terms.scopes if not covers(maker.scopes, each, bounded=maker.bounded)]
    if beyond:
        raise Forbidden(f"Your key does not have {', '.join(beyond)} itself.", code="beyond_own_scopes")
    if maker.mode == "test" and terms.mode != "test":
        raise Forbidden("A test key can't make or change a live key.", code="beyond_own_mode")
    if maker.channels is not None and (terms.channels is None or not terms.channels <= maker.channels):
        raise Forbidden("Your key is restricted to channels; name some of them.", code="beyond_own_channels")


def read_network(text: str) -> Network | None:
    """A network, or an address as one; None when it is neither."""
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        return None


def coarse(address: str) -> str | None:
    """The neighbourhood of an address: enough to notice a stranger, too little to find a person."""
    try:
        found = ip_address(address)
    except ValueError:
        return None
    return str(ip_network((found, 24 if found.version == 4 else 48), strict=False))  # noqa: PLR2004 - IP versions


def is_expired(expires_at: datetime | None, now: datetime) -> bool:
    return expires_at is not None and expires_at <= now


def normalise_email(email: str) -> str | None:
    """One spelling of an address, for looking it up; None when it is none."""
    text = email.strip().casefold()
    return text if _EMAIL.match(text) and len(text) <= MAX_EMAIL else None


def check_owner(name: str, email: str, password: str | None) -> None:
    """Raises InvalidInput naming everything wrong with a new workspace's data."""
    faults: list[Fault] = []
    if not 1 <= len(name.strip()) <= MAX_NAME:
        faults.append(fault("/name", "length", "The name has 1 to 100 characters."))
    if normalise_email(email) is None:
        faults.append(fault("/owner_email", "bad_email", "Write the address like name@example.com."))
    if password is not None and not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        faults.append(fault("/owner_password", "length", f"The password has at least {MIN_PASSWORD} characters."))
    if faults:
        raise InvalidInput("The workspace can't be made like this.", faults)
