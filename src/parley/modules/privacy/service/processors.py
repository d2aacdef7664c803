"""Switch a workspace's processors on and off, and count what is used of them."""

from datetime import date
from uuid import UUID

import msgspec

from parley.core.errors import InvalidInput, fault
from parley.core.ids import new_uuid
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.targets import Refused, read_target
from parley.kit.unit import Unit, Units
from parley.modules.privacy.events import ProcessorChanged
from parley.modules.privacy.processors import (
    MODEL,
    BudgetReached,
    ModelOff,
    ModelSettings,
    ModelSwitch,
    Reserved,
    Use,
    estimate,
)
from parley.modules.privacy.store import processors as store


async def model_switch(unit: Unit, keys: KeyService) -> ModelSwitch:
    """The workspace's language model, on or off."""
    row = await store.one(unit, MODEL)
    if row is None:
        return ModelSwitch(enabled=False, settings=None, updated_at=None)
    own = (await keys.scope(unit.workspace)).data
    about = store.ABOUT.unseal(own, unit.workspace, row.id, row.about)
    return ModelSwitch(enabled=row.enabled, settings=about, updated_at=row.updated_at)


async def switch_model(unit: Unit, keys: KeyService, settings: ModelSettings, *, enabled: bool) -> ModelSwitch:
    """Set it. Keys that are left out stay as they were, unless the address is another. Raises InvalidInput."""
    before = (await model_switch(unit, keys)).settings
    settings = _with_keys(settings, before)
    faults = [
        fault(pointer, "bad_address", problem)
        for pointer, url in (("/base_url", settings.base_url), ("/embedding/base_url", _embedding_url(settings)))
        if (problem := _problem(url)) is not None
    ]
    if faults:
        raise InvalidInput("The address can't be called.", faults)
    own = (await keys.scope(unit.workspace)).data
    row_id, moment = new_uuid(), now()
    sealed = store.ABOUT.seal(own, unit.workspace, row_id, settings)
    await store.save(unit, MODEL, store.Row(row_id, enabled, sealed, moment))
    detail = {"processor": MODEL, "state": "on" if enabled else "off"}
    unit.record(ProcessorChanged(workspace=unit.workspace, at=moment, detail={**detail}))
    return ModelSwitch(enabled=enabled, settings=settings, updated_at=moment)


async def model_use(unit: Unit) -> Use:
    """What was used of the language model this month."""
    return await store.use_of(unit, MODEL, this_month())


def this_month() -> date:
    """The first day of the month it is, UTC."""
    return now().date().replace(day=1)


def _with_keys(settings: ModelSettings, before: ModelSettings | None) -> ModelSettings:
    """A key goes on only to the address that it was given for."""
    if before is None:
        return settings
    if settings.api_key is None and settings.base_url == before.base_url:
        settings = msgspec.structs.replace(settings, api_key=before.api_key)
    known, given = before.embedding, settings.embedding
    if known is not None and given is not None and given.api_key is None and given.base_url == known.base_url:
        settings = msgspec.structs.replace(settings, embedding=msgspec.structs.replace(given, api_key=known.api_key))
    return settings


def _embedding_url(settings: ModelSettings) -> str | None:
    return settings.embedding.base_url if settings.embedding else None


def _problem(url: str | None) -> str | None:
    if url is None:
        return None
    try:
        read_target(url)
    except Refused as error:
        return str(error)
    return None


class ModelMeter:
    """Lets requests to models happen within the month's budget. It holds no unit while a model works."""

    def __init__(self, units: Units, keys: KeyService) -> None:
        self._units = units
        self._keys = keys

    async def settings(self, workspace: UUID) -> ModelSettings | None:
        """Where the workspace's model is; None where it is off."""
        async with self._units.begin(workspace) as unit:
            switch = await model_switch(unit, self._keys)
        return switch.settings if switch.enabled else None

    async def reserve(self, workspace: UUID, characters: int, output_tokens: int) -> tuple[ModelSettings, Reserved]:
        """Set a request's tokens and cost aside. Raises ModelOff, BudgetReached."""
        async with self._units.begin(workspace) as unit:
            switch = await model_switch(unit, self._keys)
            if switch.settings is None or not switch.enabled:
                raise ModelOff(
                    "The workspace's language model is switched off; PUT /v1/processors/model switches it on."
                )
            wanted = estimate(switch.settings, this_month(), characters, output_tokens)
            if not await store.reserve(unit, MODEL, wanted, switch.settings.budget):
                raise BudgetReached(
                    "The month's budget of the language model is used up; raise it, or wait for the next."
                )
        return switch.settings, wanted

    async def settle(self, workspace: UUID, reserved: Reserved, used: Use) -> None:
        """Count what the request really used."""
        async with self._units.begin(workspace) as unit:
            await store.settle(unit, MODEL, reserved, used)
