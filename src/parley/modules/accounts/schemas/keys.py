"""Wire shapes of API keys."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field, JsonValue

from parley.core.ids import public
from parley.kit.rest import ids
from parley.kit.rest.shapes import ChannelId, Given, KeyId, Moment, Shown
from parley.modules.accounts.domain import (
    DEFAULT_TERM,
    MAX_ADDRESSES,
    MAX_NAME,
    MAX_OVERLAP,
    KeyTerms,
)
from parley.modules.accounts.key_format import Mode
from parley.modules.accounts.scopes import ACTIONS, Resource
from parley.modules.accounts.service.read_keys import ApiKey

MAX_KEY_CHARS = 200
MAX_SOURCE_CHARS = 2000
MAX_LISTED = 100
"""Scopes and channels that one key names; `*` and null are for more."""
DEFAULT_OVERLAP = 86_400

_EXAMPLE: JsonValue = {"name": "Web shop", "scopes": ["messages:write", "contacts:read"]}

Name = Annotated[str, Field(min_length=1, max_length=MAX_NAME, description="What it is for.", examples=["Web shop"])]
Scopes = Annotated[
    list[str],
    Field(min_length=1, max_length=MAX_LISTED, description="`*` or `resource:action`; `GET /v1/scopes` lists them."),
]
Channels = Annotated[
    list[ChannelId] | None,
    Field(
        max_length=MAX_LISTED,
        description="The only channels that it sees and uses; null: all. Then `*` means what belongs to channels.",
    ),
]
Addresses = Annotated[
    list[str],
    Field(
        max_length=MAX_ADDRESSES,
        description="The only addresses and networks that it may come from; none named: any.",
        examples=[["192.0.2.0/24"]],
    ),
]


def _read_channels(named: list[str] | None) -> frozenset[UUID] | None:
    return None if named is None else frozenset(ids.read_id(ids.CHANNEL, each) for each in named)


class NewApiKey(Given):
    """A key to be made. It can't do more than the key that makes it."""

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    name: Name
    mode: Mode = Field(default="live", description="A test key acts on the workspace's test channel only.")
    scopes: Scopes = ["*"]
    channels: Channels = None
    addresses: Addresses = []
    expires_at: AwareDatetime | None = Field(
        default=None, description=f"Left out: after {DEFAULT_TERM.days} days. null: never."
    )

    def terms(self, now: datetime) -> KeyTerms:
        expires_at = self.expires_at if "expires_at" in self.model_fields_set else now + DEFAULT_TERM
        return KeyTerms(
            name=self.name,
            scopes=tuple(self.scopes),
            mode=self.mode,
            channels=_read_channels(self.channels),
            addresses=tuple(self.addresses),
            expires_at=expires_at,
        )


class ApiKeyChange(Given):
    """What is to be different; what is left out stays."""

    name: Name = Field(default_factory=str)
    scopes: Scopes = Field(default_factory=list)
    channels: Channels = None
    addresses: Addresses = []
    expires_at: AwareDatetime | None = Field(default=None, description="null: never.")

    def apply(self, terms: KeyTerms) -> KeyTerms:
        given = self.model_fields_set
        return replace(
            terms,
            name=self.name if "name" in given else terms.name,
            scopes=tuple(self.scopes) if "scopes" in given else terms.scopes,
            channels=_read_channels(self.channels) if "channels" in given else terms.channels,
            addresses=tuple(self.addresses) if "addresses" in given else terms.addresses,
            expires_at=self.expires_at if "expires_at" in given else terms.expires_at,
        )


class KeyRotation(Given):
    """For how long the secret before still works."""

    overlap_seconds: int = Field(default=DEFAULT_OVERLAP, ge=0, le=int(MAX_OVERLAP.total_seconds()))


class ApiKeyShape(Shown):
    """A key, without its secret."""

    id: KeyId
    name: str
    mode: Mode
    hint: str = Field(description="How it begins and ends.", examples=["parley_live_…x7Qa"])
    scopes: list[str]
    channels: list[ChannelId] | None
    addresses: list[str]
    expires_at: Moment | None
    created_at: Moment
    created_by: str = Field(description="Who made it: `key_…`, `app_…`, or `cli`.", examples=["cli"])
    last_used_at: Moment | None = Field(description="Up to half a minute late.")
    last_used_from: str | None = Field(description="The neighbourhood it was used from.", examples=["192.0.2.0/24"])
    old_secret_until: Moment | None = Field(description="Until when the secret before the last rotation works.")
    revoked_at: Moment | None
    leaked_at: Moment | None = Field(description="When somebody reported it as found in the open.")
    leak_source: str | None = Field(description="Where it was found, as told.")

    @classmethod
    def of(cls, key: ApiKey) -> "ApiKeyShape":
        return cls.model_validate(_members(key))


class NewApiKeyShape(ApiKeyShape):
    """A key with its secret, which is shown this once."""

    key: str = Field(description="Keep it: it is stored nowhere.", examples=["parley_live_…"])

    @classmethod
    def made(cls, key: ApiKey, secret: str) -> "NewApiKeyShape":
        return cls.model_validate({**_members(key), "key": secret})


def _members(key: ApiKey) -> dict[str, object]:
    terms = key.terms
    return {
        "id": public("key", key.id),
        "name": terms.name,
        "mode": terms.mode,
        "hint": key.hint,
        "scopes": list(terms.scopes),
        "channels": None if terms.channels is None else [public("chn", each) for each in sorted(terms.channels)],
        "addresses": list(terms.addresses),
        "expires_at": terms.expires_at,
        "created_at": key.created_at,
        "created_by": key.created_by,
        "last_used_at": key.last_used_at,
        "last_used_from": key.last_used_from,
        "old_secret_until": key.old_secret_until,
        "revoked_at": key.revoked_at,
        "leaked_at": key.leaked_at,
        "leak_source": key.leak_source,
    }


class ScopeShape(Shown):
    """A resource that scopes may name."""

    resource: str = Field(examples=["messages"])
    scopes: list[str] = Field(examples=[["messages:read", "messages:write", "messages:*"]])
    description: str
    of_channels: bool = Field(description="Whether `*` of a test key, or of a key restricted to channels, covers it.")

    @classmethod
    def of(cls, resource: Resource) -> "ScopeShape":
        return cls(
            resource=resource.name,
            scopes=[f"{resource.name}:{action}" for action in (*ACTIONS, "*")],
            description=resource.words,
            of_channels=resource.of_channels,
        )


class LeakedKey(Given):
    """A key that was found in the open."""

    key: str = Field(min_length=1, max_length=MAX_KEY_CHARS, examples=["parley_live_…"])
    source_url: str | None = Field(default=None, max_length=MAX_SOURCE_CHARS, description="Where it was found.")


class LeakTaken(Shown):
    """The same for every report, so that it tells nothing about the key."""

    status: Literal["accepted"] = "accepted"
