"""Three doors into a room: its package, `.events`, `.ports`. And who is a stranger here.

The order of storeys and rooms is kept by import-linter (pyproject.toml); this is what it cannot say.
"""

import sys
from functools import cache

import grimp

from tests.architecture.tree import ROOT, told

ROOMS = "parley.modules"

DOORS = {"events", "ports"}

PART_OF_A_DOOR = {
    "parley.modules.channels.inbound",  # the facts that the driver port speaks in; too many for ports.py
}

# What is mounted and started, not called: the edge takes these by name.
MOUNTED = {"api", "jobs", "privacy"}
MOUNTED_BY = ("parley.entrypoints", "parley.wiring")

# What the simulator may know of Parley.
KNOWN_TO_SIM = ("parley.sim", "parley.core", "parley.adapters.whatsapp.wire")


@cache
def graph() -> grimp.ImportGraph:
    src = str(ROOT / "src")
    if src not in sys.path:
        sys.path.insert(0, src)
    return grimp.build_graph("parley", include_external_packages=True, cache_dir=None)


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def room_of(module: str) -> str | None:
    """The room a module belongs to, or None outside the rooms."""
    parts = module.split(".")
    return ".".join(parts[:3]) if module.startswith(ROOMS + ".") else None


def is_door(importer: str, imported: str) -> bool:
    room = room_of(imported)
    if room is None or imported == room or imported in PART_OF_A_DOOR:
        return True
    inner = imported.removeprefix(room + ".")
    mounted = inner.split(".")[0] in MOUNTED and any(within(importer, edge) for edge in MOUNTED_BY)
    return inner in DOORS or mounted


def test_a_room_is_entered_by_its_doors() -> None:
    offences = [
        f"{importer} imports {imported}"
        for importer in sorted(graph().modules)
        for imported in sorted(graph().find_modules_directly_imported_by(importer))
        if within(importer, "parley") and room_of(importer) != room_of(imported) and not is_door(importer, imported)
    ]
    assert not offences, told(
        offences,
        "Import the name from the room's front door (parley.modules.<room>), its .events or its .ports. If the name is "
        "not there and other rooms should use it, add it to the room's __init__.py; only entrypoints and wiring mount "
        ".api, .jobs and .privacy.",
    )


def test_core_is_the_standard_library_and_itself() -> None:
    offences = [
        f"{importer} imports {imported}"
        for importer in sorted(graph().modules)
        if within(importer, "parley.core")
        for imported in sorted(graph().find_modules_directly_imported_by(importer))
        if not within(imported, "parley.core") and imported not in sys.stdlib_module_names
    ]
    assert not offences, told(offences, "core is pure and bare: move the thing up to kit or to the room that needs it.")


def test_the_simulator_is_a_stranger() -> None:
    offences = [
        f"{importer} imports {imported}"
        for importer in sorted(graph().modules)
        if within(importer, "parley.sim")
        for imported in sorted(graph().find_modules_directly_imported_by(importer))
        if within(imported, "parley") and not any(within(imported, known) for known in KNOWN_TO_SIM)
    ]
    assert not offences, told(
        offences, "The simulator stands for Meta. It may use core and adapters/whatsapp/wire; write the rest in sim/."
    )
