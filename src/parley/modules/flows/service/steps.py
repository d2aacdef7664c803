"""What a sprint did, for counting: which node of which flow was left by which exit. Pure; no contents."""

import re
from collections.abc import Mapping
from typing import Final, TypeAlias

from parley.modules.flows.domain import slug_of
from parley.modules.flows.engine.events.course import FlowEnded, RunEntered, StepTaken
from parley.modules.flows.service.turn import Ran

Step: TypeAlias = tuple[str, int, str, str]
"""Slug and version of a flow, node, exit."""
WHOLE: Final = "*"
"""In the place of a node: what is of the flow as a whole."""
STARTED: Final = "started"
ENDED: Final = "ended."
BROKEN_OFF: Final = "*broken_off"
"""The exit of a node at which somebody ended the session."""
_NOT_KEYWORD = re.compile(r"[^A-Za-z0-9_.:*-]")
_LONGEST = 127


def exit_word(name: str) -> str:
    """An exit as it is counted: authors name some of them as they like."""
    return _NOT_KEYWORD.sub("_", name)[:_LONGEST]


def steps_of(ran: Ran) -> list[Step]:
    """A sprint's steps, in order."""
    own = (slug_of(ran.version.definition.id), ran.version.number)
    flows: dict[int, tuple[str, int]] = {1: own}
    flows |= {run.number: (slug_of(run.flow), run.version) for run in ran.runs if run.flow is not None}
    steps: list[Step] = [] if ran.recorded.trigger is None else [(*own, WHOLE, STARTED)]
    left = False
    for event in ran.sprint.events:
        match event:
            case RunEntered(run=run, flow=flow, version=version):
                flows[run] = (slug_of(flow), version)
                steps.append((*flows[run], WHOLE, STARTED))
            case StepTaken(node=node, exit=exit_, run=run):
                left = True
                steps.append((*flows.get(run, own), node, exit_word(exit_)))
            case FlowEnded(outcome=outcome):
                steps += _broken_off(ran, flows) if not left else []
                steps.append((*own, WHOLE, ENDED + exit_word(outcome)))
    return steps


def _broken_off(ran: Ran, flows: Mapping[int, tuple[str, int]]) -> list[Step]:
    return [(*flows[run.number], run.node, BROKEN_OFF) for run in ran.runs[-1:] if run.number in flows]
