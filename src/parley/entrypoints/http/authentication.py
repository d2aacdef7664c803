"""Who asks: the holder of an API key, and whether the key's scopes cover what is asked."""

from starlette.requests import Request

from parley.core.errors import Forbidden, Unauthorized
from parley.core.time import elapsed_seconds
from parley.kit.cache import Bounded
from parley.kit.rest.route import Operation
from parley.kit.unit import Units
from parley.modules.accounts import Principal, allows, authenticate, digest_of

REMEMBERED_SECONDS = 2.0
"""A key is looked up no more often than this; one that was revoked works no longer than this."""
REMEMBERED_KEYS = 10_000
"""About 500 bytes each."""

_SCHEME = "bearer"


class SignIn:
    """Recognises callers."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self._met: Bounded[bytes, tuple[float, Principal]] = Bounded(REMEMBERED_KEYS)

    async def principal_of(self, request: Request) -> Principal:
        """Who holds the key of this request. Raises Unauthorized."""
        key = _key_in(request)
        digest = digest_of(key)
        met = self._met.get(digest)
        if met is not None and elapsed_seconds() - met[0] < REMEMBERED_SECONDS:
            return met[1]
        self._met.drop(digest)
        async with self._units.begin(lane="sign_in") as unit:
            principal = await authenticate(unit, key)
        self._met.put(digest, (elapsed_seconds(), principal))
        return principal


def check_scope(principal: Principal, operation: Operation) -> None:
    """Raises Forbidden when none of the key's scopes covers the operation."""
    if not allows(principal.scopes, operation.resource, operation.action):
        wanted = f"{operation.resource}:{operation.action}"
        raise Forbidden(f"This key lacks the scope {wanted}; use one that has it.", code="scope_missing")


def _key_in(request: Request) -> str:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != _SCHEME or not key.strip():
        raise Unauthorized("Send your API key: `Authorization: Bearer parley_live_…`.")
    return key.strip()
