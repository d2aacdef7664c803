"""What became of those who came to a version of a flow: node by node, exit by exit."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from parley.core.errors import InvalidInput, fault
from parley.core.time import now
from parley.kit.keys import KeyService
from parley.kit.unit import Unit
from parley.modules.flows.engine import Definition, read_definition
from parley.modules.flows.engine.moves import ENDINGS
from parley.modules.flows.service.get_flow import held_flow, version_document
from parley.modules.flows.service.steps import BROKEN_OFF, ENDED, STARTED, WHOLE, exit_word
from parley.modules.flows.store import counts

DAYS = 30
"""What is shown where nobody asks for other days."""
MOST_DAYS = 366

Counted = dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitCount:
    exit: str
    count: int
    target: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeCount:
    """A node. `dropped`: went away, were not understood, or were broken off here; `still`: entered and not yet left."""

    node: str
    entered: int
    dropped: int
    still: int
    exits: tuple[ExitCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """A version of a flow over some days."""

    version: int
    days: tuple[date, date]
    started: int
    outcomes: dict[str, int]
    nodes: tuple[NodeCount, ...]


async def analyse(
    unit: Unit, keys: KeyService, wanted: UUID, version: int | None, days: tuple[date | None, date | None]
) -> Analysis:
    """Of the published version unless another is named. Raises NotFound, InvalidInput for days that are none."""
    row = await held_flow(unit, wanted)
    number = version or row.live_version or row.latest_version
    definition = read_definition(await version_document(unit, keys, row.id, number))
    last = days[1] or now().date()
    first = days[0] or last - timedelta(days=DAYS - 1)
    if not timedelta() <= last - first < timedelta(days=MOST_DAYS):
        sentence = f"The last day is not before the first, and they are at most {MOST_DAYS} days."
        raise InvalidInput(sentence, [fault("/to", "out_of_range", sentence)])
    found: Counted = {
        (each.node, each.exit): each.count for each in await counts.counts(unit, row.slug, number, (first, last))
    }
    return Analysis(
        version=number,
        days=(first, last),
        started=found.get((WHOLE, STARTED), 0),
        outcomes={e.removeprefix(ENDED): n for (w, e), n in sorted(found.items()) if w == WHOLE and e != STARTED},
        nodes=tuple(_node(node, definition, found) for node in definition.nodes),
    )


def _node(node: str, definition: Definition, found: Counted) -> NodeCount:
    ways = definition.exits[node]
    targets = {exit_word(name): target for name, target in ways.items()}
    left = {exit_: count for (each, exit_), count in found.items() if each == node}
    exits = [ExitCount(exit=name, count=left.get(name, 0), target=targets.get(name)) for name in {**targets, **left}]
    entered = _entered(node, definition, found)
    dropped = [each.count for each in exits if each.target is None and each.exit in {*ENDINGS, BROKEN_OFF}]
    return NodeCount(
        node=node,
        entered=entered,
        dropped=sum(dropped),
        still=max(0, entered - sum(left.values())),
        exits=tuple(exits),
    )


def _entered(node: str, definition: Definition, found: Counted) -> int:
    ways = (
        found.get((each, exit_word(name)), 0)
        for each, exits in definition.exits.items()
        for name, target in exits.items()
        if target == node
    )
    return sum(ways) + (found.get((WHOLE, STARTED), 0) if node == definition.start else 0)
