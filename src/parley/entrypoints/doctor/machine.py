"""The machine: settings, Python, the data folder and its disk."""

import difflib
import os
import platform
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from parley.entrypoints.doctor.finding import Finding, note, ok, wrong
from parley.kit.settings import Settings

GIBIBYTE = 1024**3
FREE_WELL = 2 * GIBIBYTE
"""Room for a day's write-ahead log and media of a small business."""
FREE_LEAST = GIBIBYTE // 4
"""Below this PostgreSQL may not start."""
NOT_SETTINGS = frozenset({"access_token", "shared"})


def look_at_settings(settings: Settings, environment: Iterable[str]) -> list[Finding]:
    """Which are given, and names that look like settings and are none."""
    given = sorted(f"PARLEY_{name.upper()}" for name in settings.model_fields_set)
    findings = [ok("settings", ", ".join(given) if given else "all as they come")]
    known = set(type(settings).model_fields)
    for key in sorted(environment):
        name = key.removeprefix("PARLEY_").removesuffix("_FILE").lower()
        if key.startswith("PARLEY_") and not {name, f"{name}_file"} & (known | NOT_SETTINGS):
            near = difflib.get_close_matches(name, known, n=1)
            mend = f"Did you mean PARLEY_{near[0].upper()}?" if near else "Take it away, or see the README."
            findings.append(note("settings", f"{key} is no setting and does nothing.", mend))
    return findings


def look_at_python(settings: Settings) -> list[Finding]:
    """Version and platform."""
    detail = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    if sys.platform != "linux" and settings.database_url is None:
        return [wrong("python", detail, "The embedded PostgreSQL runs on Linux only: set PARLEY_DATABASE_URL.")]
    return [ok("python", detail)]


def look_at_folder(settings: Settings) -> list[Finding]:
    """Whether the data folder can be written, and how full its disk is."""
    folder = settings.data_dir.resolve()
    place = _existing(folder)
    if not os.access(place, os.W_OK | os.X_OK):
        mend = "Start as the user who owns it, or set PARLEY_DATA_DIR to a folder of your own."
        return [wrong("data folder", f"{place} can't be written", mend)]
    free = shutil.disk_usage(place).free
    detail = f"{folder}, {free / GIBIBYTE:.1f} GiB free"
    mend = "Free some space, or set PARLEY_DATA_DIR to a larger disk."
    if free < FREE_LEAST:
        return [wrong("data folder", detail, mend)]
    return [note("data folder", detail, mend) if free < FREE_WELL else ok("data folder", detail)]


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that there is."""
    return next(each for each in (folder, *folder.parents) if each.exists())
