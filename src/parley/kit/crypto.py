"""Sealing: AES-256-GCM with the place it belongs to bound in, so a ciphertext moved to another row can't be opened.

A sealed value is `0x01 | algorithm (1) | key id (16) | nonce (12) | ciphertext | tag (16)`, 46 bytes more than the
clear one. The bound context is `table|column|workspace|row`. Random 96-bit nonces are safe to 2^32 values a key, which
a key per person never comes near.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from parley.core.ids import random_bytes

Value = TypeVar("Value")

_HEADER = b"\x01\x01"
_NONCE_AT = 18
_TEXT_AT = 30
BLIND_INDEX_BYTES = 16


class CannotUnseal(Exception):
    """The value does not open with this key in this place: moved, altered, or its key is gone."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key and its id, which every value sealed with it names."""

    id: UUID
    cipher: AESGCM

    @classmethod
    def of(cls, key_id: UUID, secret: bytes) -> "Key":
        return cls(key_id, AESGCM(secret))


def new_secret() -> bytes:
    """32 random bytes: an AES-256 key."""
    return random_bytes(32)


def key_id_of(sealed: bytes) -> UUID:
    """Which key a sealed value needs."""
    return UUID(bytes=sealed[2:_NONCE_AT])


def seal(key: Key, clear: bytes, context: bytes) -> bytes:
    nonce = random_bytes(12)
    return b"".join((_HEADER, key.id.bytes, nonce, key.cipher.encrypt(nonce, clear, context)))


def unseal(key: Key, sealed: bytes, context: bytes) -> bytes:
    """The clear bytes. Raises CannotUnseal."""
    if sealed[:2] != _HEADER:
        raise CannotUnseal("not a sealed value of a known format")
    try:
        return key.cipher.decrypt(sealed[_NONCE_AT:_TEXT_AT], sealed[_TEXT_AT:], context)
    except InvalidTag:
        raise CannotUnseal("the sealed value does not belong here or was altered") from None


def blind_index(secret: bytes, field: str, value: str | bytes) -> bytes:
    """A keyed hash under which a value is found again without being stored: 16 bytes of HMAC-SHA256."""
    clear = value.encode() if isinstance(value, str) else value
    return hmac.digest(secret, field.encode() + b"\x00" + clear, hashlib.sha256)[:BLIND_INDEX_BYTES]


class SealedColumn(Generic[Value]):
    """A typed encrypted column: the only way personal content gets into a table and out of it."""

    __slots__ = ("_decode", "_encode", "place")

    def __init__(self, table: str, column: str, shape: type[Value]) -> None:
        self.place = f"{table}|{column}|".encode()
        self._encode: Callable[[Value], bytes] = msgspec.json.Encoder().encode
        self._decode: Callable[[bytes], Value] = msgspec.json.Decoder(shape).decode

    def seal(self, key: Key, workspace: UUID, row: UUID, value: Value) -> bytes:
        return seal(key, self._encode(value), self.place + workspace.bytes + row.bytes)

    def unseal(self, key: Key, workspace: UUID, row: UUID, sealed: bytes) -> Value:
        """The value. Raises CannotUnseal."""
        return self._decode(unseal(key, sealed, self.place + workspace.bytes + row.bytes))
