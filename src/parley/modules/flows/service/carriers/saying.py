"""Say what the bot says, the only way there is to speak."""

from collections.abc import Sequence

from parley.kit.unit import Unit
from parley.modules.conversations import Draft
from parley.modules.flows.engine.events.saying import Say
from parley.modules.flows.service.carriers.tools import Tools
from parley.modules.flows.service.turn import Happened


async def carry_saying(tools: Tools, unit: Unit, happened: Sequence[Happened]) -> None:
    """Queue all messages at once, each conversation's in order."""
    drafts = [
        Draft(thread=each.turn.thread, content=each.event.content, to=each.turn.to)
        for each in happened
        if isinstance(each.event, Say)
    ]
    await tools.speaker.say(unit, drafts)
