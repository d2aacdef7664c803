"""What a channel can show, so that a node written once adapts: buttons, else a list, else numbered words."""

from dataclasses import dataclass

from parley.modules.flows.engine import whatsapp_limits as whatsapp


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """The abilities of the channel that a session speaks on. Nothing can be shown where a number is 0."""

    kind: str
    buttons: int
    """How many can be tapped under one message."""
    rows: int
    """How many rows a list holds."""
    rich: bool
    """Whether it shows what WhatsApp alone has: link buttons, requests to share, forms, products, templates."""


WHATSAPP = Channel(kind="whatsapp", buttons=whatsapp.BUTTONS, rows=whatsapp.ROWS, rich=True)
PLAIN = Channel(kind="plain", buttons=0, rows=0, rich=False)
"""Words only: what every channel can do."""
