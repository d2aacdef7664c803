"""Who asks: the holder of an API key, and whether the key covers what is asked, from where it is asked."""

import re

from starlette.requests import Request

from parley.core.errors import Forbidden, Unauthorized
from parley.core.ids import WorkspaceId
from parley.core.time import elapsed_seconds, now, rfc3339
from parley.kit.cache import Bounded
from parley.kit.rest.errors import BadRequest
from parley.kit.rest.route import Operation
from parley.kit.unit import Bounds, Caller
from parley.modules.accounts import (
    KEY_WARNED_BEFORE,
    KEYS_CHANGED,
    Principal,
    allows,
    authenticate,
    digest_of,
    holds_key,
    is_expired,
    may_come_from,
    shown_to,
)
from parley.wiring import App

REMEMBERED_SECONDS = 2.0
"""A key is looked up no more often than this. A revocation is heard at once; where that is lost, this late."""
REMEMBERED_KEYS = 10_000
"""About 500 bytes each."""
EXPIRES = "parley-key-expires"
"""The header that warns when the key's end is near."""

_SCHEME = "bearer"
_NAMES_OF_KEYS = re.compile(r"(?:\A|&)(?:api[_-]?key|access_token|token|authorization)=", re.IGNORECASE)


class SignIn:
    """Recognises callers."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._met: Bounded[bytes, tuple[float, Principal]] = Bounded(REMEMBERED_KEYS)
        self._forgotten = 0
        app.wake.on(KEYS_CHANGED, self.forget)

    def forget(self) -> None:
        """Some key is not what it was."""
        self._met.clear()
        self._forgotten += 1

    def remembers(self, request: Request) -> bool:
        """Whether the request's key was recognised just now, so that no lookup is needed."""
        _, _, key = request.headers.get("authorization", "").partition(" ")
        return self._met.get(digest_of(key.strip())) is not None

    async def principal_of(self, request: Request) -> Principal:
        """Who holds the key of this request, valid and used from where it may be. Raises Unauthorized, Forbidden."""
        principal = await self._holder(_key_in(request))
        if is_expired(principal.expires_at, now()):
            raise Unauthorized("This API key has expired. Make another, or rotate it in time.", code="key_expired")
        address = address_of(request)
        if not may_come_from(principal, address):
            raise Forbidden("This key is not used from your address; its list says from which.", code="bad_address")
        if (
            principal.app is None
            and principal.expires_at is not None
            and principal.expires_at - now() < KEY_WARNED_BEFORE
        ):
            request.state.headers[EXPIRES] = rfc3339(principal.expires_at)
        self._app.key_uses.note(principal, address)
        return principal

    async def _holder(self, key: str) -> Principal:
        digest = digest_of(key)
        met = self._met.get(digest)
        if met is not None and elapsed_seconds() - met[0] < REMEMBERED_SECONDS:
            return met[1]
        self._met.drop(digest)
        forgotten = self._forgotten
        principal = await authenticate(self._app.units, self._app.keys, key)
        if forgotten == self._forgotten:
            self._met.put(digest, (elapsed_seconds(), principal))
        return principal

    async def caller_of(self, principal: Principal) -> Caller:
        """As whom a unit works for somebody: only with the channels that they see."""
        shown = shown_to(principal, await self._app.routes.modes_of(WorkspaceId(principal.workspace)))
        return Caller(principal.actor, Bounds(*shown) if shown is not None else None)


def check_scope(principal: Principal, operation: Operation) -> None:
    """Raises Forbidden when none of the key's scopes covers the operation."""
    if not allows(principal, operation.resource, operation.action):
        wanted = f"{operation.resource}:{operation.action}"
        raise Forbidden(f"This key lacks the scope {wanted}; use one that has it.", code="scope_missing")


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client is not None else ""


def refuse_key_in_query(request: Request) -> None:
    """Raises BadRequest: addresses are kept in logs and histories, where no key may be."""
    query = request.url.query
    if query and (_NAMES_OF_KEYS.search(query) or holds_key(query)):
        raise BadRequest(
            "Send the key as `Authorization: Bearer …`, never in the address. One that was in an address may be in "
            "logs: rotate it.",
            code="key_in_query",
        )


def _key_in(request: Request) -> str:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != _SCHEME or not key.strip():
        raise Unauthorized("Send your API key: `Authorization: Bearer parley_live_…`.")
    return key.strip()
