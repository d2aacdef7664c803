"""What a benchmark found, as a line of the table and as JSON."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.session import Stretch


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line. `met` is None where the issue names no aim."""

    what: str
    figure: str
    aim: str = ""
    met: bool | None = None
    details: dict[str, Any] = field(default_factory=dict)


def details_of(stretch: Stretch) -> dict[str, Any]:
    return asdict(stretch)


def cpu_line(stretch: Stretch) -> str:
    """Where the CPU of a message goes, in microseconds."""
    product = sum(used for kind, used in stretch.cpu.items() if kind != "load")
    parts = ", ".join(f"{kind} {used:.0f}" for kind, used in stretch.cpu.items())
    return f"{product:.0f} us ({parts})"


def memory_line(stretch: Stretch) -> str:
    return ", ".join(f"{kind} {size:.0f} MiB" for kind, size in stretch.memory.items())


def table(findings: Sequence[Finding]) -> str:
    """Markdown, columns aligned."""
    rows = [("what", "figure", "aim", "met"), *[(f.what, f.figure, f.aim, _mark(f.met)) for f in findings]]
    widths = [max(len(row[at]) for row in rows) for at in range(4)]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _mark(met: bool | None) -> str:  # noqa: FBT001 - a cell, not a switch
    return "" if met is None else "yes" if met else "NO"
