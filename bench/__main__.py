"""`python -m bench [NAME …] [--long] [--rate N] [--seconds N] [--profile]`: the benchmarks, a table, and JSON files."""

import argparse
import asyncio
import json
import os
import platform
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path

import psutil
import uvloop

from bench.findings import Finding, table
from bench.options import Options
from bench.scenarios import ack, api, echo, flows, growth, kill, loop, neighbour, webhooks
from parley.core.time import elapsed_seconds, now, rfc3339

SCENARIOS: dict[str, Callable[[Options], Awaitable[list[Finding]]]] = {
    "ack": ack.run,
    "loop": loop.run,
    "echo": echo.run,
    "flows": flows.run,
    "growth": growth.run,
    "neighbour": neighbour.run,
    "kill": kill.run,
    "webhooks": webhooks.run,
    "api": api.run,
}
RESULTS = Path(__file__).parent / "results"
GIBIBYTE = 1024**3


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join(SCENARIOS)}; all when left out")
    parser.add_argument("--long", action="store_true", help="full lengths, and five million stored messages")
    parser.add_argument("--rate", type=float, help="echo, kill: this many messages a second")
    parser.add_argument("--seconds", type=float, help="how long each stretch is")
    parser.add_argument("--profile", action="store_true", help="tell where the CPU goes (figures don't count then)")
    given = parser.parse_args()
    unknown = set(given.names) - set(SCENARIOS)
    if unknown:
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(SCENARIOS)}")
    options = Options(long=given.long, rate=given.rate, seconds=given.seconds, profile=given.profile)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(given.names or list(SCENARIOS), options))


async def _run(names: list[str], options: Options) -> None:
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)  # the product's processes are ended too
    found: list[Finding] = []
    for name in names:
        begun = elapsed_seconds()
        sys.stderr.write(f"{name} …\n")
        mine = await SCENARIOS[name](options)
        _keep(name, mine, options)
        sys.stderr.write(f"{name}: {elapsed_seconds() - begun:.0f} s\n")
        found += mine
    sys.stdout.write(f"\n{_machine_line()}\n\n{table(found)}\n")


def _keep(name: str, findings: list[Finding], options: Options) -> None:
    RESULTS.mkdir(exist_ok=True)
    document = {
        "benchmark": name,
        "at": rfc3339(now()),
        "machine": _machine(),
        "options": asdict(options),
        "findings": [asdict(each) for each in findings],
    }
    (RESULTS / f"{name}.json").write_text(json.dumps(document, indent=2) + "\n")


def _machine() -> dict[str, object]:
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / GIBIBYTE, 1),
        "cpu": _processor(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def _machine_line() -> str:
    machine = _machine()
    return f"{machine['cores']} cores ({machine['cpu']}), {machine['memory_gib']} GiB, Python {machine['python']}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    main()
