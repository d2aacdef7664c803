"""What the product's processes use: CPU seconds and memory, by kind of process."""

import os
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Usage:
    """CPU seconds used so far, by kind of process; `load` is this process: the customers and Meta."""

    cpu: dict[str, float] = field(default_factory=dict)

    def since(self, earlier: "Usage", messages: int) -> dict[str, float]:
        """CPU microseconds a message between two readings."""
        used = {kind: self.cpu[kind] - earlier.cpu.get(kind, 0.0) for kind in self.cpu}
        return {kind: round(seconds / max(1, messages) * 1e6) for kind, seconds in used.items()}


def cpu_of(processes: dict[str, list[psutil.Process]]) -> Usage:
    """The reading of now."""
    cpu = {kind: sum(map(_cpu, members)) for kind, members in processes.items()}
    cpu["load"] = _own(psutil.Process(os.getpid()))
    return Usage(cpu)


def memory_of(processes: dict[str, list[psutil.Process]]) -> dict[str, float]:
    """MiB by kind of process; PostgreSQL's shared pages are counted once (proportional set size)."""
    return {kind: round(sum(map(_memory, members)) / MEBIBYTE) for kind, members in processes.items()}


def _cpu(process: psutil.Process) -> float:
    """Of a process, its living children and those that ended."""
    with suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        total = float(times.user + times.system + times.children_user + times.children_system)
        return total + sum(map(_cpu, process.children()))
    return 0.0


def _own(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _memory(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        return float(process.memory_full_info().pss) + sum(map(_memory, process.children()))
    return 0.0
