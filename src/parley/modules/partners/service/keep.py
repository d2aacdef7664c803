"""Keep the API's logs as long as promised: days made ahead, days dropped, addresses cut, bodies forgotten."""

from datetime import timedelta

from parley.core.time import now
from parley.kit.unit import Units
from parley.modules.accounts import DEFAULT_LOG_DAYS, forget_debts, log_days
from parley.modules.partners.domain import ADDRESS_KEPT, first_id_at
from parley.modules.partners.service.record import DAYS_AHEAD
from parley.modules.partners.store import captures, logs


class LogKeeper:
    """The lane of a worker that keeps the logs."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def work(self) -> int:
        """One round: each step in a unit of its own, so that one that must wait keeps no other."""
        moment = now()
        async with self._units.begin() as unit:
            await logs.prepare_days(unit, moment.date(), DAYS_AHEAD)
        async with self._units.begin(lane="sweep") as unit:
            await logs.forget_hosts(unit, first_id_at(moment - ADDRESS_KEPT))
            await captures.forget(unit, moment)
            await forget_debts(unit)
        async with self._units.begin(lane="sweep") as unit:
            chosen = await log_days(unit)
            for workspace, days in chosen.items():
                await logs.forget(unit, workspace, first_id_at(moment - timedelta(days=days)))
            await logs.forget_others(unit, chosen, first_id_at(moment - timedelta(days=DEFAULT_LOG_DAYS)))
        async with self._units.begin() as unit:
            most = max([DEFAULT_LOG_DAYS, *chosen.values()])
            await logs.drop_days(unit, moment.date() - timedelta(days=most))
        return 0
