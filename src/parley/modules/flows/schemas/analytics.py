"""Wire shapes of what flows did."""

from datetime import date

from pydantic import Field

from parley.kit.rest.shapes import OUR_WORD, Shown
from parley.modules.flows.service.analyse import Analysis, NodeCount


class ExitCountShape(Shown):
    """How often a node was left by an exit."""

    exit: str = Field(json_schema_extra=OUR_WORD)
    count: int
    target: str | None = Field(description="The node it leads to; null where it leads nowhere.")


class NodeCountShape(Shown):
    """What became of those who came to a node."""

    node: str
    entered: int
    dropped: int = Field(description="Went away, were not understood, or were broken off here.")
    drop_off: float | None = Field(description="Their share of those who entered; null where nobody did.")
    still: int = Field(description="Entered and not left yet.")
    exits: list[ExitCountShape]

    @classmethod
    def of(cls, each: NodeCount) -> "NodeCountShape":
        return cls(
            node=each.node,
            entered=each.entered,
            dropped=each.dropped,
            drop_off=round(each.dropped / each.entered, 4) if each.entered else None,
            still=each.still,
            exits=[ExitCountShape(exit=way.exit, count=way.count, target=way.target) for way in each.exits],
        )


class FlowAnalyticsShape(Shown):
    """What became of those who came to a version of a flow."""

    version: int
    first_day: date
    last_day: date
    started: int = Field(description="How often it began, by itself or from another flow.")
    outcomes: dict[str, int] = Field(description="Sessions that began with it and are over, by how they ended.")
    nodes: list[NodeCountShape]

    @classmethod
    def of(cls, found: Analysis) -> "FlowAnalyticsShape":
        return cls(
            version=found.version,
            first_day=found.days[0],
            last_day=found.days[1],
            started=found.started,
            outcomes=found.outcomes,
            nodes=[NodeCountShape.of(each) for each in found.nodes],
        )
