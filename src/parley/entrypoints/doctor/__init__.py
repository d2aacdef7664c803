"""`parley doctor`: every check, a line each, with the mend. It changes nothing."""

import os

from parley.core.errors import ParleyError
from parley.entrypoints.doctor.database import look_at_database, look_at_keys
from parley.entrypoints.doctor.finding import Finding, note, ok, wrong
from parley.entrypoints.doctor.machine import look_at_folder, look_at_python, look_at_settings
from parley.entrypoints.doctor.providers import (
    look_at_address,
    look_at_numbers,
    look_at_secrets,
    simulator_runs,
)
from parley.entrypoints.doctor.traffic import look_at_traffic
from parley.entrypoints.installation import running_database
from parley.entrypoints.local import sim_url
from parley.kit.http import HttpClient
from parley.kit.settings import Settings, load_settings
from parley.wiring import open_app


async def examine() -> list[Finding]:
    """Everything worth looking at, in the order in which it depends on each other."""
    try:
        settings = load_settings()
    except ParleyError as error:
        return [wrong("settings", error.detail, "Correct them in the environment, .env or parley.toml.")]
    simulated = await simulator_runs(settings)
    findings = [*look_at_settings(settings, os.environ), *look_at_python(settings), *look_at_folder(settings)]
    findings += look_at_secrets(settings, simulated=simulated)
    async with HttpClient() as http:
        findings += await look_at_address(settings, http, simulated=simulated)
    running = f"answers at {sim_url(settings)}" if simulated else "not running"
    findings.append(ok("simulator", running) if simulated else note("simulator", running))
    try:
        async with running_database(settings, may_create=False):
            findings += await _inside(settings, simulated=simulated)
    except ParleyError as error:
        findings.append(Finding(name="database", state="wrong", detail=error.detail))
    return findings


async def _inside(settings: Settings, *, simulated: bool) -> list[Finding]:
    """What needs the database; what needs its schema and keys only if those are in order."""
    findings = await look_at_database(settings)
    if any(each.state == "wrong" and each.name in ("database", "schema") for each in findings):
        return findings
    findings += await look_at_keys(settings)
    if findings[-1].state == "wrong":
        return findings
    async with open_app(settings) as app:
        findings += await look_at_traffic(app)
        findings += await look_at_numbers(app, simulated=simulated)
    return findings
