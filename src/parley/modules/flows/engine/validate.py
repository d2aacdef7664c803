"""What can be said of a flow only as a whole, before it is published: errors forbid it, warnings ask for a look."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import msgspec

from parley.core.errors import Fault
from parley.modules.flows.engine.checks import conduct, languages, names, nodes, things, ways, window
from parley.modules.flows.engine.checks.things import Known
from parley.modules.flows.engine.definition import Definition

Severity: TypeAlias = Literal["error", "warning"]


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """A thing to look at: where, how bad, and in `detail` what to do about it."""

    severity: Severity
    node: str | None
    pointer: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What was found, errors first."""

    issues: tuple[Issue, ...]

    @property
    def errors(self) -> tuple[Fault, ...]:
        """What must be mended before publishing."""
        return self._faults("error")

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """What is probably not meant."""
        return self._faults("warning")

    def _faults(self, severity: str) -> tuple[Fault, ...]:
        return tuple(
            Fault(pointer=each.pointer, code=each.code, detail=each.detail)
            for each in self.issues
            if each.severity == severity
        )


def validate(definition: Definition, known: Known | None = None) -> Inspection:
    """Look at a whole flow: ways, names, languages, the 24-hour window, WhatsApp's limits, and what it names.

    `known` are the workspace's things by kind (`flow`, `template`, `team`, …); kinds not given are not checked.
    """
    found = [
        *ways.check(definition),
        *conduct.check(definition),
        *names.check(definition),
        *nodes.check(definition),
        *languages.check(definition),
        *window.check(definition),
        *things.check(definition, known or {}),
    ]
    issues = [issue_of(each.level, each.fault) for each in found]
    return Inspection(issues=tuple(sorted(issues, key=lambda issue: issue.severity)))


def issue_of(severity: Severity, found: Fault) -> Issue:
    """A fault as an issue: the node is the one that its pointer leads into."""
    place = found.pointer.split("/")
    node = {"nodes": 2, "translations": 3}.get(place[1] if len(place) > 1 else "")
    return Issue(
        severity=severity,
        node=place[node] if node is not None and node < len(place) else None,
        pointer=found.pointer,
        code=found.code,
        detail=found.detail,
    )
