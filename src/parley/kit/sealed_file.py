"""The format of an encrypted file: a header, then chunks that fit only in their place, of which one is the last.

    sealed file key (78 bytes, see kit/crypto.py) | chunk 0 | chunk 1 | … | last chunk

The file key is random and used for this file alone, so a counter is a safe nonce and no chunk of another file fits. A
chunk is 64 KiB of clear bytes (the last may be shorter, and empty only in an empty file) and a tag of 16. Its number
and whether it is the last are bound in: a file that was cut, extended or rearranged does not open.
"""

from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from parley.kit.crypto import CannotUnseal, Key, key_id_of, new_secret, seal, unseal

CHUNK_BYTES = 64 * 1024
TAG_BYTES = 16
SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES
HEADER_BYTES = 78


class FileSealer:
    """Seals one file, chunk after chunk. `header` comes first."""

    def __init__(self, key: Key, place: bytes) -> None:
        secret = new_secret()
        self.header = seal(key, secret, _context(place))
        self._cipher = AESGCM(secret)
        self._number = 0

    def seal(self, clear: bytes, *, last: bool) -> bytes:
        """The next chunk: `CHUNK_BYTES` long, save the last."""
        number = self._number
        self._number += 1
        return self._cipher.encrypt(_nonce(number), clear, _bound(number, last=last))


class FileOpener:
    """Opens the chunks of one file in any order. Raises CannotUnseal when the header is not of this key and place."""

    def __init__(self, key: Key, place: bytes, header: bytes) -> None:
        self._cipher = AESGCM(unseal(key, header, _context(place)))

    def unseal(self, number: int, sealed: bytes, *, last: bool) -> bytes:
        """The clear bytes of a chunk. Raises CannotUnseal."""
        try:
            return self._cipher.decrypt(_nonce(number), sealed, _bound(number, last=last))
        except InvalidTag:
            raise CannotUnseal("the file was cut or altered") from None


def key_of_header(header: bytes) -> UUID:
    """Which key a file needs."""
    return key_id_of(header)


def chunks_in(sealed_bytes: int) -> int:
    """How many chunks a sealed file of this length has. Raises CannotUnseal when no whole file has this length."""
    body = sealed_bytes - HEADER_BYTES
    count = -(-body // SEALED_CHUNK_BYTES)
    if body < TAG_BYTES or body - (count - 1) * SEALED_CHUNK_BYTES < TAG_BYTES:
        raise CannotUnseal("the file was cut")
    return count


def clear_size(sealed_bytes: int) -> int:
    """Length of the content of a sealed file. Raises CannotUnseal when no whole file has this length."""
    return sealed_bytes - HEADER_BYTES - chunks_in(sealed_bytes) * TAG_BYTES


def _context(place: bytes) -> bytes:
    return b"file|" + place


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


def _bound(number: int, *, last: bool) -> bytes:
    return number.to_bytes(8, "big") + (b"\x01" if last else b"\x00")
