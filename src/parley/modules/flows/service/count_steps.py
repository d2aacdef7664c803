"""Add up what flows did, a while after they did it, apart from the message path."""

from datetime import timedelta

from parley.core.time import now
from parley.kit.unit import Units
from parley.modules.flows.store import counts

SETTLED = timedelta(minutes=5)
"""A sprint is committed long before, or never; and a turn that is begun again has taken its first steps back."""
AT_ONCE = timedelta(minutes=10)
"""Of log in one transaction: at a thousand sprints a second some seconds of work."""


class StepCounter:
    """Moves the time forward up to which steps are counted."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def work(self) -> int:
        """Some minutes of log; 1 when there is more."""
        async with self._units.begin(lane="sweep") as unit:
            since = await counts.counted_to(unit)
            settled = now() - SETTLED
            first = await counts.first_after(unit, since)
            if first is None or first >= settled:
                return 0
            until = min(first + AT_ONCE, settled)
            await counts.add_up(unit, since, until)
            return int(until < settled)
