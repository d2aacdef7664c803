"""Flows to begin with: an echo, an order status, an appointment, opening hours."""

from importlib.resources import files

from parley.core.json import JsonObject, JsonValue
from parley.modules.flows.yaml import read_yaml

NAMES = ("order_status", "appointment", "opening_hours", "echo")


def demo(name: str, **settings: JsonValue) -> JsonObject:
    """The document of a demo flow, with settings of its own replaced: `demo("order_status", shop_url=…)`."""
    document = read_yaml(files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8"))
    own = document.get("settings")
    return {**document, "settings": {**(own if isinstance(own, dict) else {}), **settings}}
