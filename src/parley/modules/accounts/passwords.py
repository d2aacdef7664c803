"""Passwords: Argon2id, 46 MiB, one pass (OWASP's first choice for one lane). Slow on purpose."""

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerificationError

_HASHER = PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1, type=Type.ID)


def hash_password(password: str) -> str:
    return _HASHER.hash(password)


def verify_password(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except VerificationError:
        return False
