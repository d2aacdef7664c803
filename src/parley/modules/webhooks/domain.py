"""Endpoints: where a workspace wants to be told what happens, and which facts each of them gets. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from parley.core.ids import WorkspaceId

Kind = Literal["parley", "meta", "cloudevents"]
Detail = Literal["full", "thin"]
State = Literal["active", "verifying", "unverified", "disabled"]
"""`verifying` and `unverified` are of kind `meta`: its address must answer Meta's handshake first."""
GONE, FAILING = "gone", "failing"
"""Why an endpoint was disabled by us: it answered 410; it took nothing for five days."""

EVERYTHING = "*"
MAX_ENDPOINTS = 500
"""Of one workspace: each fact is matched against all of them."""
OVERLAP = timedelta(hours=24)
"""For so long both secrets sign after a rotation, unless another time is wished."""

TELLABLE_AS_META = frozenset(
    {
        "message.received",
        "message.echoed",
        "message.edited",
        "message.revoked",
        "message.sent",
        "message.delivered",
        "message.read",
        "message.played",
        "message.failed",
        "channel.notice",
        "call.started",
        "call.updated",
        "call.ended",
    }
)
"""What the Cloud API has a webhook for. Those about templates are told with the `channel.notice` that brought them."""


class Secret(msgspec.Struct, frozen=True, omit_defaults=True):
    """`whsec_…`; one that was replaced signs until `until` (Unix seconds)."""

    value: str
    until: float | None = None


class About(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is kept sealed of an endpoint. The newest secret is the first."""

    url: str
    secrets: tuple[Secret, ...]
    description: str | None = None
    headers: dict[str, str] = {}
    tags: tuple[str, ...] = ()
    verify_token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Buffer:
    """Facts are gathered for so many seconds, or until there are so many, and told in one request."""

    seconds: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An endpoint, opened. Holds secrets: never logged."""

    workspace: WorkspaceId
    id: UUID
    version: int
    kind: Kind
    state: State
    reason: str | None
    event_types: tuple[str, ...]
    channel_ids: tuple[UUID, ...]
    body: Detail
    ordered: bool
    buffer: Buffer | None
    rate: int | None
    """Requests a second, at most."""
    about: About
    created_at: datetime
    updated_at: datetime

    def signing(self, now: float) -> tuple[str, ...]:
        """The secrets that sign at this moment, the newest first."""
        return tuple(each.value for each in self.about.secrets if each.until is None or each.until > now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What of a fact decides who is told."""

    kind: str
    channel: UUID | None
    tags: Collection[str]
    test: bool = False
    """It happened on the test channel, which an endpoint hears of only when it names it."""
    only: UUID | None = None
    """The one endpoint it is meant for, of a test."""


def wants(endpoint: Endpoint, happening: Happening) -> bool:
    """Whether an endpoint is told of this fact."""
    if happening.only is not None:
        return happening.only == endpoint.id
    if endpoint.kind == "meta" and happening.kind not in TELLABLE_AS_META:
        return False
    if not is_chosen(happening.kind, endpoint.event_types):
        return False
    if (endpoint.channel_ids or happening.test) and happening.channel not in endpoint.channel_ids:
        return False
    return not endpoint.about.tags or not set(endpoint.about.tags).isdisjoint(happening.tags)


def is_chosen(kind: str, chosen: Collection[str]) -> bool:
    """Whether a type is among those chosen: by name, by family (`message.*`), or with all (`*`)."""
    return kind in chosen or EVERYTHING in chosen or f"{kind.partition('.')[0]}.*" in chosen


def unknown_types(chosen: Collection[str], known: Collection[str]) -> list[str]:
    """Those that name no type and no family of types."""
    families = {f"{each.partition('.')[0]}.*" for each in known}
    return [each for each in chosen if each != EVERYTHING and each not in families and each not in known]


def rotated(secrets: tuple[Secret, ...], fresh: str, until: float, now: float) -> tuple[Secret, ...]:
    """The secrets once a fresh one signs: the present one goes on until `until`, those long replaced are forgotten."""
    kept = tuple(
        Secret(each.value, until if each.until is None else min(each.until, until))
        for each in secrets
        if each.until is None or each.until > now
    )
    return (Secret(fresh), *(each for each in kept if each.until is not None and each.until > now))
