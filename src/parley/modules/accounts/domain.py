"""Rules of workspaces, people and API keys. Pure."""

import hashlib
import re
import zlib
from dataclasses import dataclass

from parley.core.errors import Fault, InvalidInput, fault
from parley.core.ids import KeyId, WorkspaceId

KEY_PREFIX = "parley_live_"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SECRET_LENGTH = 32
_CHECK_LENGTH = 6
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+\Z")
_SCOPE = re.compile(r"(\*|[a-z][a-z-]*:(\*|[a-z]+))\Z")

MIN_PASSWORD = 15
"""Characters when a password is the only factor (NIST SP 800-63B-4)."""
MAX_NAME = 100
MAX_EMAIL = 254
"""The longest address that mail can be sent to (RFC 5321)."""
MAX_PASSWORD = 1024
"""More only makes hashing slow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who is asking: an API key and what it may do."""

    workspace: WorkspaceId
    key: KeyId
    scopes: tuple[str, ...]


def allows(scopes: tuple[str, ...], resource: str, action: str) -> bool:
    """Whether these scopes cover an action (`read`, `write`) on a resource (`messages`, `contacts`, …)."""
    return not {"*", f"{resource}:*", f"{resource}:{action}"}.isdisjoint(scopes)


def check_scopes(scopes: tuple[str, ...]) -> None:
    """Raises InvalidInput when a scope is not `*` or `resource:action`."""
    faults = [
        fault(
            f"/scopes/{at}", "bad_scope", f"`{scope}` is no scope; write `*` or `resource:action`, as messages:write."
        )
        for at, scope in enumerate(scopes)
        if not _SCOPE.match(scope)
    ]
    if faults:
        raise InvalidInput("A scope is not known.", faults)


def spell_key(secret: bytes) -> str:
    """The key as its owner sees it, once: prefix, 32 letters of secret, 6 letters that reveal a typing error."""
    number = int.from_bytes(secret)
    letters = "".join(_ALPHABET[number // 62**at % 62] for at in range(_SECRET_LENGTH))
    return KEY_PREFIX + letters + _checksum(letters)


def is_well_formed(key: str) -> bool:
    """Whether a text can be a key at all: the checksum spares the database what was mistyped or made up."""
    letters = key.removeprefix(KEY_PREFIX)
    return (
        key.startswith(KEY_PREFIX)
        and len(letters) == _SECRET_LENGTH + _CHECK_LENGTH
        and letters[_SECRET_LENGTH:] == _checksum(letters[:_SECRET_LENGTH])
    )


def _checksum(letters: str) -> str:
    number = zlib.crc32(letters.encode())
    return "".join(_ALPHABET[number // 62**at % 62] for at in range(_CHECK_LENGTH))


def digest_of(key: str) -> bytes:
    """What is stored of a key. Its 190 bits of chance need no slow hash."""
    return hashlib.sha256(key.encode()).digest()


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
