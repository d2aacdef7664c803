"""Bring a customer's number in by Embedded Signup: step by step, each kept, so that what failed can be tried again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from parley.core.errors import InvalidInput, NotFound, ParleyError, Refused, fault
from parley.core.ids import ChannelId, WorkspaceId, new_uuid, random_bytes
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Caller, Unit, Units
from parley.modules.channels.domain import ChannelAccess, NewChannel
from parley.modules.channels.ports import SendFailed, SignupProvider
from parley.modules.channels.service.add_channel import add_channel
from parley.modules.channels.service.health import request_check
from parley.modules.channels.service.pause_channel import resume_channel
from parley.modules.channels.service.routes import Routes
from parley.modules.channels.store import onboarding as store

STEPS: Final = ("exchange", "inspect", "subscribe", "read", "register", "add")
COEXISTENCE_STEPS: Final = ("exchange", "inspect", "subscribe", "read", "add", "share_contacts", "share_history")
"""A number that stays in the Business app is registered by it, and shares its contacts and history once."""
SHARED: Final = {"share_contacts": "smb_app_state_sync", "share_history": "history"}
ALREADY_SHARED: Final = 2593107
"""Meta's code of a sync that was asked for before: it was done."""
PIN_DIGITS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Onboarding:
    """A number on its way. `secrets` holds the token: never shown."""

    id: UUID
    number_id: str
    account_id: str
    coexistence: bool
    channel: ChannelId | None
    created_at: datetime
    updated_at: datetime
    secrets: store.Secrets = field(repr=False)

    @property
    def steps(self) -> tuple[str, ...]:
        return COEXISTENCE_STEPS if self.coexistence else STEPS

    def did(self, step: str) -> bool:
        return any(each.step == step and each.done for each in self.secrets.steps)

    @property
    def state(self) -> str:
        if all(self.did(step) for step in self.steps):
            return "done"
        return "failed" if any(not each.done for each in self.secrets.steps) else "running"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signup:
    """What the page of Embedded Signup handed over. The code lives for thirty seconds."""

    code: str | None
    number_id: str
    account_id: str
    coexistence: bool = False
    pin: str | None = None


@dataclass(frozen=True, slots=True)
class OnboardingDesk:
    """What bringing numbers in needs. No unit is held while the provider is asked."""

    units: Units
    keys: KeyService
    routes: Routes
    provider: SignupProvider

    async def onboard(self, workspace: WorkspaceId, caller: Caller, signup: Signup) -> Onboarding:
        """Begin, or go on where it stopped: steps that are done are not done again. Raises InvalidInput."""
        if signup.pin is not None and not (len(signup.pin) == PIN_DIGITS and signup.pin.isdecimal()):
            raise InvalidInput("The number can't be brought in.", [fault("/pin", "bad_pin", "A PIN has six digits.")])
        async with self.units.begin(workspace, caller=caller) as unit:
            row = await store.of_number(unit, signup.number_id)
            known = await self.opened(workspace, row) if row else _begun(signup)
        if signup.pin is not None and not known.did("register"):
            known = replace(known, secrets=_with(known.secrets, pin=signup.pin))
        for step in known.steps:
            if known.did(step):
                continue
            known = await self._take(workspace, step, known, signup)
            async with self.units.begin(workspace, caller=caller) as unit:
                await self._save(unit, known)
            if known.state == "failed":
                break
        return known

    async def get(self, unit: Unit, wanted: UUID) -> Onboarding:
        """Raises NotFound."""
        row = await store.one(unit, wanted)
        if row is None:
            raise NotFound("There is no such onboarding in this workspace.")
        return await self.opened(WorkspaceId(unit.workspace), row)

    async def page(self, unit: Unit, after: UUID | None, limit: int) -> list[Onboarding]:
        """Newest first."""
        workspace = WorkspaceId(unit.workspace)
        return [await self.opened(workspace, row) for row in await store.page(unit, after, limit)]

    async def opened(self, workspace: WorkspaceId, row: store.Row) -> Onboarding:
        own = await self.keys.scope(workspace)
        return Onboarding(
            id=row.id,
            number_id=row.number_id,
            account_id=row.account_id,
            coexistence=row.coexistence,
            channel=row.channel,
            created_at=row.created_at,
            updated_at=row.updated_at,
            secrets=store.BODY.unseal(own.data, workspace, row.id, row.body),
        )

    async def _save(self, unit: Unit, known: Onboarding) -> None:
        own = await self.keys.scope(unit.workspace)
        await store.save(
            unit,
            store.Row(
                id=known.id,
                number_id=known.number_id,
                account_id=known.account_id,
                state=known.state,
                coexistence=known.coexistence,
                channel=known.channel,
                created_at=known.created_at,
                updated_at=now(),
                body=store.BODY.seal(own.data, unit.workspace, known.id, known.secrets),
            ),
        )

    async def _take(self, workspace: WorkspaceId, step: str, known: Onboarding, signup: Signup) -> Onboarding:
        """One step, its outcome recorded."""
        doing: dict[str, Callable[[], Awaitable[Onboarding]]] = {
            "exchange": lambda: self._exchange(known, signup),
            "inspect": lambda: self._inspect(known),
            "subscribe": lambda: self._call(known, self.provider.subscribe(_access(known))),
            "read": lambda: self._read(known),
            "register": lambda: self._register(known),
            "add": lambda: self._add(workspace, known),
            "share_contacts": lambda: self._share(known, step),
            "share_history": lambda: self._share(known, step),
        }
        try:
            after = await doing[step]()
            record = store.StepRecord(step=step, done=True, at=now())
        except SendFailed as error:
            after = known
            record = store.StepRecord(step=step, done=False, at=now(), code=error.code, title=error.title)
        except ParleyError as error:
            after, record = known, store.StepRecord(step=step, done=False, at=now(), title=error.detail)
        others = [each for each in after.secrets.steps if each.step != step]
        return replace(after, secrets=_with(after.secrets, steps=[*others, record]))

    async def _exchange(self, known: Onboarding, signup: Signup) -> Onboarding:
        if not signup.code:
            raise Refused(
                "The code lives thirty seconds and is used once: let the customer sign up again for a new one."
            )
        return replace(known, secrets=_with(known.secrets, token=await self.provider.exchange(signup.code)))

    async def _inspect(self, known: Onboarding) -> Onboarding:
        """The ids came from a browser: the token must say itself that it is for this account."""
        granted = await self.provider.accounts_of(known.secrets.token or "")
        if known.account_id not in granted:
            raise Refused("The customer did not grant this account; the token is for another.", code="not_granted")
        return known

    async def _call(self, known: Onboarding, call: Awaitable[None]) -> Onboarding:
        await call
        return known

    async def _read(self, known: Onboarding) -> Onboarding:
        number, rate = await self.provider.number(_access(known))
        return replace(known, secrets=_with(known.secrets, number=number, rate=rate))

    async def _register(self, known: Onboarding) -> Onboarding:
        pin = known.secrets.pin or f"{int.from_bytes(random_bytes(8)) % 10**PIN_DIGITS:0{PIN_DIGITS}d}"
        await self.provider.register(_access(known), pin)
        return replace(known, secrets=_with(known.secrets, pin=pin))

    async def _share(self, known: Onboarding, step: str) -> Onboarding:
        try:
            await self.provider.share(_access(known), SHARED[step])
        except SendFailed as error:
            if error.code != ALREADY_SHARED:
                raise
        return known

    async def _add(self, workspace: WorkspaceId, known: Onboarding) -> Onboarding:
        """The channel; a number that is one already gets the new token."""
        own = await self.routes.of_workspace(workspace)
        there = next((each.id for each in own if each.access.number_id == known.number_id), None)
        async with self.units.begin(workspace) as unit:
            if there is not None:
                await resume_channel(unit, self.keys, there, known.secrets.token)
            channel = there or await add_channel(unit, self.keys, _new(known))
            await request_check(unit, workspace, channel)
        return replace(known, channel=channel)


def _begun(signup: Signup) -> Onboarding:
    moment = now()
    return Onboarding(
        id=new_uuid(),
        number_id=signup.number_id,
        account_id=signup.account_id,
        coexistence=signup.coexistence,
        channel=None,
        created_at=moment,
        updated_at=moment,
        secrets=store.Secrets(pin=signup.pin),
    )


def _with(secrets: store.Secrets, **change: object) -> store.Secrets:
    return msgspec.structs.replace(secrets, **change)


def _access(known: Onboarding) -> ChannelAccess:
    return ChannelAccess(
        number_id=known.number_id,
        account_id=known.account_id,
        number=known.secrets.number,
        token=known.secrets.token or "",
    )


def _new(known: Onboarding) -> NewChannel:
    return NewChannel(
        kind="whatsapp",
        number_id=known.number_id,
        account_id=known.account_id,
        number=known.secrets.number or "",
        token=known.secrets.token or "",
        rate=known.secrets.rate or 0,
    )
