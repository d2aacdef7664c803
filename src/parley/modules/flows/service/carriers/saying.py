"""Say what the bot says, the only way there is to speak."""

from collections.abc import Sequence

from parley.kit.unit import Unit
from parley.modules.conversations import Draft, Invalid
from parley.modules.flows.engine.events.saying import Say
from parley.modules.flows.service.carriers.facts import stumbled
from parley.modules.flows.service.carriers.tools import Tools
from parley.modules.flows.service.turn import Happened


async def carry_saying(tools: Tools, unit: Unit, happened: Sequence[Happened]) -> None:
    """Queue all messages at once, each conversation's in order. A refused one is told its author."""
    drafts = [
        Draft(thread=each.turn.thread, content=each.event.content, to=each.turn.to)
        for each in happened
        if isinstance(each.event, Say)
    ]
    outcomes = await tools.speaker.say(unit, drafts)
    for each, outcome in zip(happened, outcomes, strict=True):
        if isinstance(each.event, Say) and isinstance(outcome, Invalid):
            where = ",".join(sorted({fault.pointer for fault in outcome.faults}))
            unit.record(stumbled(each, {"node": each.event.node, "refused": where}))
