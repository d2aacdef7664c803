"""What an editor offers while an author writes: names that texts can show, filters, tests. Made from what runs."""

import inspect

import msgspec

from parley.core.json import JsonObject, JsonValue
from parley.modules.flows.engine.conditions import TESTS, Case
from parley.modules.flows.engine.definition import Definition
from parley.modules.flows.engine.filters import OWN
from parley.modules.flows.engine.sandbox import FILTERS
from parley.modules.flows.engine.scope import ROOTS

_ROOMS = ("vars", "session", "fields")


def completion(definition: Definition) -> JsonObject:
    """`variables` (path and what it shows), `filters` and `tests` (name and what it does), for every node of a flow."""
    return {
        "variables": [{"path": path, "shows": shows} for path, shows in sorted(_variables(definition).items())],
        "filters": [{"name": name, "does": _does(name)} for name in sorted(FILTERS)],
        "tests": [{"name": name, "takes": _takes(name)} for name in TESTS],
    }


def _does(name: str) -> str:
    own = OWN.get(name)
    return inspect.cleandoc(own.__doc__ or "").splitlines()[0] if own is not None else "as in Liquid"


def _takes(name: str) -> JsonValue:
    """The JSON Schema of what a test is compared with."""
    (_, shapes) = msgspec.json.schema_components([Case], ref_template="#/$defs/{name}")
    properties = shapes["Case"]["properties"]
    found: JsonValue = properties[name]
    return found


def _variables(definition: Definition) -> dict[str, str]:
    known = {
        f"{root}.{name}" if name else root: shows
        for root, names in ROOTS.items()
        for name, shows in (names or {"": "the moment or day it is" if names is not None else ""}).items()
        if shows
    }
    known |= {f"settings.{name}": "a setting of this flow" for name in definition.library.settings}
    for node_id, node in definition.document.nodes.items():
        written = msgspec.to_builtins(node)
        known |= dict.fromkeys(_kept(written), f"kept by {node_id!r}")
    return known


def _kept(node: JsonValue) -> list[str]:
    """The paths that a node keeps values at: `save` of any form, and what `set` sets."""
    if isinstance(node, list):
        return [path for item in node for path in _kept(item)]
    if not isinstance(node, dict):
        return []
    rooms = {room: held for room in _ROOMS if isinstance(held := node.get(room), dict)}
    places = [f"{room}.{name}" for room, held in rooms.items() for name in held]
    save = node.get("save")
    names = [save] if isinstance(save, str) else list(save) if isinstance(save, dict) else []
    places += [name if "." in name else f"vars.{name}" for name in names]
    return places + [path for name, item in node.items() if name not in _ROOMS for path in _kept(item)]
