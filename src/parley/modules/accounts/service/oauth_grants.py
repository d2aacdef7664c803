"""What the authorization server looks up before it judges a request, and writes down after."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from parley.core.ids import WorkspaceId, new_uuid, random_bytes
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.accounts.key_format import digest_of, spell_secret
from parley.modules.accounts.oauth import LIFETIMES, PREFIXES, App, Grant, Installation, Kind
from parley.modules.accounts.service.change_key import WAKE
from parley.modules.accounts.service.create_key import SECRET_BYTES
from parley.modules.accounts.service.oauth_apps import find_app
from parley.modules.accounts.store import oauth as store


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known about a request: who says to be asking, what they show, and where they are installed."""

    app: App | None
    shown: Grant | None = None
    """The code or token of the request."""
    installation: Installation | None = None


@dataclass(slots=True)
class Verdict:
    """What is to be written down."""

    give: list[tuple[Grant, str]] = field(default_factory=list)
    """Grants with their secrets."""
    use: Grant | None = None
    """It was redeemed, and is not to be again."""
    revoke: UUID | None = None
    """A family that ends."""


KEPT = timedelta(days=30)
"""How long an expired code or token is remembered."""


class Asked(Protocol):
    """A request as far as looking up needs it."""

    @property
    def client_id(self) -> str: ...
    @property
    def secret(self) -> str | None: ...
    @property
    def workspace(self) -> WorkspaceId | None: ...


async def look_up(unit: Unit, keys: KeyService, asked: Asked) -> Known:
    """Everything the verdict may depend on; the unit is in the lane `oauth`. A shown grant is held until it ends."""
    app = await find_app(unit, keys, asked.client_id)
    shown = await store.find_grant(unit, digest_of(asked.secret)) if asked.secret else None
    if shown is not None:
        await unit.bind([shown.workspace])
        shown = await store.lock_grant(unit, shown.id)
        row = await store.installation(unit, shown.installation) if shown is not None else None
        kept = row.installation() if row is not None and row.removed_at is None else None
        return Known(app=app, shown=shown, installation=kept)
    places = await store.installations_of_app(unit, app.id) if app is not None else []
    if asked.workspace is not None and app is not None:
        await unit.bind([asked.workspace])
        place = await store.installed_in(unit, app.id)
        places = [place] if place is not None else []
    if len(places) != 1:
        return Known(app=app)
    await unit.bind([places[0].workspace])
    return Known(app=app, installation=places[0].installation())


async def write_down(unit: Unit, verdict: Verdict) -> None:
    """Do what was decided, in the unit that looked up."""
    if verdict.use is not None:
        await store.use_grant(unit, verdict.use.id, now())
    for grant, secret in verdict.give:
        await store.add_grant(unit, grant, digest_of(secret))
    if verdict.revoke is not None:
        await store.revoke_family(unit, verdict.revoke, now())
        unit.wake(WAKE)


async def sweep_grants(unit: Unit, moment: datetime) -> None:
    """Forget what expired a while ago; until then one shown again is known as such. The unit is in the lane `sweep`."""
    await store.sweep(unit, moment - KEPT)


def new_grant(
    kind: Kind, installation: Installation, scopes: tuple[str, ...], family: UUID | None = None
) -> tuple[Grant, str]:
    """Something to give, and its secret."""
    moment = now()
    own = new_uuid()
    grant = Grant(
        workspace=installation.workspace,
        id=own,
        installation=installation.id,
        app=installation.app,
        family=family or own,
        kind=kind,
        scopes=scopes,
        redirect_uri=None,
        challenge=None,
        issued_at=moment,
        expires_at=moment + LIFETIMES[kind],
        used_at=None,
        revoked_at=None,
    )
    return grant, spell_secret(PREFIXES[kind], random_bytes(SECRET_BYTES))
