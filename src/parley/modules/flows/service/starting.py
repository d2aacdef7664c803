"""Begin a flow with another contact, once however often it is asked for."""

from parley.core.errors import ParleyError
from parley.core.ids import ChannelId, ContactId, WorkspaceId, parse_public
from parley.core.json import JsonObject
from parley.core.time import now
from parley.kit.unit import Unit, Units
from parley.modules.contacts import Directory, Identity, find_or_create
from parley.modules.flows.domain import slug_of
from parley.modules.flows.engine import Answer, Effect, EffectFailed
from parley.modules.flows.engine.effects.start import Started, StartEffect
from parley.modules.flows.service.session_desk import SessionDesk, Start
from parley.modules.flows.store import definitions, starts


class Starting:
    """The Performer of `start_flow`. The start and the note that it happened are one transaction."""

    def __init__(self, units: Units, directory: Directory, desk: SessionDesk) -> None:
        self._units = units
        self._directory = directory
        self._desk = desk

    async def perform(self, effect: Effect, workspace: WorkspaceId) -> Answer:
        """Whether it began; EffectFailed with the reason when not."""
        if not isinstance(effect, StartEffect):
            return EffectFailed(reason="This is no start of a flow.")
        try:
            async with self._units.begin(workspace) as unit:
                if await starts.note(unit, effect.id, now()):
                    await self._start(unit, effect)
        except ParleyError as refusal:
            return EffectFailed(reason=str(refusal))
        return Started()

    async def _start(self, unit: Unit, effect: StartEffect) -> None:
        flow = await definitions.flow_id(unit, slug_of(effect.flow))
        if flow is None:
            raise ParleyError(f"There is no flow {effect.flow!r}; publish it, or choose another.")
        channel = parse_public("chn", effect.channel)
        known = parse_public("con", effect.to)
        contact = (
            ContactId(known)
            if known is not None
            else await find_or_create(unit, self._directory, (Identity("phone", effect.to),))
        )
        variables: JsonObject = dict(effect.variables)  # type: ignore[arg-type]  # a definition is read from JSON
        await self._desk.start(
            unit,
            Start(
                flow=flow,
                contact=contact,
                channel=ChannelId(channel) if channel else None,
                variables=variables,
                replace=effect.replace,
                reason="another flow",
            ),
        )
