"""Where the CPU goes: Python by cProfile in each process, SQL by pg_stat_statements. Slower, so figures don't count."""

import pstats
import sys
import tempfile
from pathlib import Path

import asyncpg

from bench.options import Options
from bench.stack import ROLES, Stack

LINES = 40
_TOP = """
select calls, round(total_exec_time::numeric) as ms, round((total_exec_time / calls)::numeric, 3) as ms_each,
    round((total_plan_time)::numeric) as planning_ms, rows, shared_blks_hit / calls as blocks_each,
    left(regexp_replace(query, '\\s+', ' ', 'g'), 120) as query
from pg_stat_statements where calls > 5 order by total_exec_time desc limit 25"""


def profiled(options: Options) -> dict[str, list[str]]:
    """How to start each role: under the profiler, if that was asked for."""
    if not options.profile:
        return {}
    folder = Path(tempfile.mkdtemp(prefix="parley-profile-"))
    return {role: [sys.executable, "-m", "bench.profiled", str(folder / f"{role}.prof")] for role in ROLES}


def tell_python(wrap: dict[str, list[str]]) -> None:
    """The functions that took the most time of their own, in each process; call it after the processes ended."""
    for role, command in wrap.items():
        sys.stderr.write(f"\n== {role}: {command[-1]}\n")
        pstats.Stats(command[-1], stream=sys.stderr).sort_stats("tottime").print_stats(LINES)


async def count_statements(stack: Stack) -> None:
    """Let the server count statements from now on (it is restarted)."""
    connection = await asyncpg.connect(stack.postgres.url("parley"))
    await connection.execute("alter system set shared_preload_libraries = 'pg_stat_statements'")
    await connection.execute("alter system set pg_stat_statements.track_planning = on")
    await connection.close()
    await stack.postgres.stop()
    await stack.postgres.start()
    connection = await asyncpg.connect(stack.postgres.url("parley"))
    await connection.execute("create extension if not exists pg_stat_statements")
    await connection.close()


async def tell_statements(stack: Stack) -> None:
    connection = await asyncpg.connect(stack.postgres.url("parley"))
    rows = await connection.fetch(_TOP)
    await connection.close()
    sys.stderr.write("\n== PostgreSQL\n" + "\n".join(" | ".join(map(str, row.values())) for row in rows) + "\n")
