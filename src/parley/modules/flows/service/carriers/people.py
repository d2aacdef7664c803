"""Give the floor to people, or close what is dealt with."""

from collections.abc import Sequence

from parley.kit.unit import Unit
from parley.modules.conversations import close, hand_over
from parley.modules.flows.service.carriers.tools import Tools
from parley.modules.flows.service.turn import Happened


async def carry_people(_tools: Tools, unit: Unit, happened: Sequence[Happened]) -> None:
    """The bot is silent in these conversations from here."""
    await hand_over(unit, [each.turn.thread for each in happened])


async def carry_closed(_tools: Tools, unit: Unit, happened: Sequence[Happened]) -> None:
    """Nothing is left to do in these conversations."""
    await close(unit, [each.turn.thread for each in happened])
