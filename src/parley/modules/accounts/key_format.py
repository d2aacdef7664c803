"""How an API key is spelled, so that people, scanners and we know one without asking anybody. Pure."""

import hashlib
import re
import zlib
from typing import Final, Literal, get_args

Mode = Literal["live", "test"]
MODES: Final[tuple[Mode, ...]] = get_args(Mode)

PATTERN: Final = r"parley_(live|test)_[0-9A-Za-z]{38}"
"""What a scanner for leaked secrets looks for. The last six letters are the CRC-32 of the 32 before them."""

_KEY: Final = re.compile(PATTERN)
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SECRET_LENGTH: Final = 32
_CHECK_LENGTH: Final = 6
_SHOWN: Final = 4


def spell_key(secret: bytes, mode: Mode = "live") -> str:
    """The key as its owner sees it, once: prefix, 32 letters of secret, 6 letters that reveal a typing error."""
    return spell_secret(f"parley_{mode}_", secret)


def spell_secret(prefix: str, secret: bytes) -> str:
    """Any secret of ours, spelled as keys are."""
    letters = _letters(int.from_bytes(secret), _SECRET_LENGTH)
    return f"{prefix}{letters}{_checksum(letters)}"


def is_well_formed(key: str) -> bool:
    """Whether a text can be a key at all: the checksum spares the database what was mistyped or made up."""
    letters = key[-_SECRET_LENGTH - _CHECK_LENGTH :]
    return _KEY.fullmatch(key) is not None and letters[_SECRET_LENGTH:] == _checksum(letters[:_SECRET_LENGTH])


def ending_of(key: str) -> str:
    """The letters by which its owner knows a key again."""
    return key[-_SHOWN:]


def holds_key(text: str) -> bool:
    """Whether there is something like a key somewhere in a text."""
    return _KEY.search(text) is not None


def digest_of(key: str) -> bytes:
    """What is stored of a key. Its 190 bits of chance need no slow hash."""
    return hashlib.sha256(key.encode()).digest()


def _checksum(letters: str) -> str:
    return _letters(zlib.crc32(letters.encode()), _CHECK_LENGTH)


def _letters(number: int, count: int) -> str:
    return "".join(_ALPHABET[number // 62**at % 62] for at in range(count))
