"""Which nodes and exits of flows the played conversations came through, and which not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parley.modules.flows.engine import Definition
from parley.modules.flows.talks.table import Played


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Of one flow. `missed` are its exits that no conversation left by, as (node, exit)."""

    flow: str
    nodes: int
    entered: int
    exits: int
    missed: tuple[tuple[str, str], ...]

    @property
    def percent(self) -> int:
        """Of the exits; a flow without any is covered once it is entered."""
        return 100 * (self.exits - len(self.missed)) // self.exits if self.exits else 100

    def told(self) -> Iterator[str]:
        """For people."""
        passed = self.exits - len(self.missed)
        yield f"{self.flow}: {self.entered} of {self.nodes} nodes, {passed} of {self.exits} exits ({self.percent} %)"
        yield from (f"  not taken: {node}, {exit_}" for node, exit_ in self.missed)


def coverage_of(played: Sequence[Played]) -> list[Coverage]:
    """By flow, in the order in which they come."""
    flows: dict[str, Definition] = {}
    for each in played:
        for definition in (each.case.definition, *each.case.others):
            flows.setdefault(definition.id, definition)
    return [_of(definition, played) for definition in flows.values()]


def _of(definition: Definition, played: Sequence[Played]) -> Coverage:
    passed = {pair for each in played for pair in each.rehearsal.passed.get(definition.id, ())}
    stood = {node for each in played for node in each.rehearsal.stood.get(definition.id, ())}
    exits = [(node, exit_) for node, ways in definition.exits.items() for exit_ in ways]
    return Coverage(
        flow=definition.id,
        nodes=len(definition.nodes),
        entered=len((stood | {node for node, _ in passed}) & definition.nodes.keys()),
        exits=len(exits),
        missed=tuple(pair for pair in exits if pair not in passed),
    )
