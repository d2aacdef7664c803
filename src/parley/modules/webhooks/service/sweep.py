"""Forget deliveries and attempts that are old."""

from datetime import timedelta
from typing import Final

from parley.core.time import now
from parley.kit.unit import Units
from parley.modules.webhooks.store import aged

KEEP_ATTEMPTS: Final = timedelta(days=7)
"""What was asked and answered; long enough to find out what went wrong."""
KEEP_DELIVERIES: Final = timedelta(days=30)
"""That something was told, and when. Those under way are kept whatever their age."""
AT_ONCE: Final = 5_000


class WebhookSweeper:
    """The lane that forgets."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def work(self) -> int:
        """Forget one batch of each; how many rows."""
        async with self._units.begin(lane="sweep") as unit:
            attempts = await aged.forget_attempts(unit, now() - KEEP_ATTEMPTS, AT_ONCE)
            return attempts + await aged.forget_deliveries(unit, now() - KEEP_DELIVERIES, AT_ONCE)
