"""The events of a sprint, by what they are about. A new kind is a class in one of these files, or in a new one."""

from parley.modules.flows.engine.event import SprintEvent
from parley.modules.flows.engine.kinds import kinds_in

EVENTS: dict[str, type[SprintEvent]] = kinds_in(__name__, __path__, SprintEvent)
