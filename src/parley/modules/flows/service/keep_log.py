"""The log of sessions: what each sprint was given, sealed, in one statement for a whole batch; kept for a while."""

from collections.abc import Sequence
from datetime import timedelta

from parley.core.time import now
from parley.kit.unit import Unit, Units
from parley.modules.flows.service.steps import steps_of
from parley.modules.flows.service.turn import Turn
from parley.modules.flows.store import sprints, starts, told
from parley.modules.privacy import People

KEPT = timedelta(days=30)
"""As long as authors look back at what went wrong; sessions that wait longer lose their beginning, not their state."""
BATCH = 5_000
"""Rows deleted in one transaction: some tenths of a second."""


async def log_sprints(unit: Unit, people: People, turns: Sequence[Turn]) -> None:
    """Append what the turns' sprints were given."""
    rows = [
        sprints.SprintRow(
            workspace=turn.thread.workspace,
            session=ran.session,
            number=ran.number,
            conversation=turn.thread.id,
            contact=turn.thread.contact,
            flow=ran.version.flow,
            flow_version=ran.version.number,
            at=ran.recorded.readings.now,
            recorded=sprints.RECORDED.seal(
                people.held_key(turn.thread.contact), turn.thread.workspace, ran.session, ran.recorded
            ),
            steps=steps_of(ran),
        )
        for turn in turns
        for ran in turn.sprints
        if ran.number
    ]
    if rows:
        await sprints.add(unit, rows)


class FlowLogSweeper:
    """Forgets what is older than KEPT."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def work(self) -> int:
        """One batch; how many rows went."""
        async with self._units.begin(lane="sweep") as unit:
            forgetting = (sprints.forget, told.forget, starts.forget)
            return sum([await forget(unit, now() - KEPT, BATCH) for forget in forgetting])
