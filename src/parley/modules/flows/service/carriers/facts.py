"""Record what became of a session, and what its author has to mend, as facts."""

from collections.abc import Sequence

from parley.core.events import Event
from parley.core.json import JsonObject
from parley.core.time import now
from parley.kit.unit import Unit
from parley.modules.flows.engine.events.course import FlowEnded
from parley.modules.flows.engine.events.trouble import LimitHit, NodeFailed
from parley.modules.flows.events import FlowCompleted, FlowStumbled
from parley.modules.flows.service.carriers.tools import Tools
from parley.modules.flows.service.turn import Happened


async def carry_facts(_tools: Tools, unit: Unit, happened: Sequence[Happened]) -> None:
    """A fact each; contents stay out of them."""
    for each in happened:
        match each.event:
            case FlowEnded(outcome=outcome):
                unit.record(fact(FlowCompleted, each, {"outcome": outcome}))
            case LimitHit(limit=limit, sentence=sentence):
                unit.record(stumbled(each, {"limit": limit, "sentence": sentence}))
            case NodeFailed(node=node):
                unit.record(stumbled(each, {"node": node}))


def stumbled(happened: Happened, detail: JsonObject) -> Event:
    """What its author has to look at."""
    return fact(FlowStumbled, happened, detail)


def fact(kind: type[Event], happened: Happened, detail: JsonObject) -> Event:
    """A fact about the flow of a session; `detail` gets the version."""
    thread = happened.turn.thread
    return kind(
        workspace=thread.workspace,
        at=now(),
        contact=thread.contact,
        conversation=thread.id,
        subject=happened.version.flow,
        detail={**detail, "version": happened.version.number},
    )
