"""Location: the bot sends a place on the map."""

from typing import Annotated, ClassVar

from msgspec import Meta

from parley.core.content import Content
from parley.core.json import JsonValue
from parley.modules.flows.engine.fields import Target, Words
from parley.modules.flows.engine.node import Group, Node
from parley.modules.flows.engine.steps import Leave, Step
from parley.modules.flows.engine.turn import Turn

PLACE_CHARACTERS = 1_000
"""Of a place's name, and of its address (Meta)."""
LATITUDES = 90.0
LONGITUDES = 180.0

Degrees = Annotated[float | str, Meta(description="Degrees as a number, such as 52.52; or a text with a value.")]


class Location(Node, frozen=True, kw_only=True, tag="location"):
    """Sends a place on the map.

    Example:
        nodes:
          start:
            type: location
            latitude: 52.52
            longitude: 13.405
            name: Our shop
            address: Hill Road 1
        talk:
          - customer: where are you?
          - bot:
              type: location
              location: {latitude: 52.52, longitude: 13.405, name: Our shop, address: Hill Road 1}
          - ends: completed
    """

    group: ClassVar[Group] = "say"

    latitude: Degrees
    longitude: Degrees
    name: Words | None = None
    address: Words | None = None
    next: Target | None = None

    def enter(self, turn: Turn) -> Step:
        latitude, longitude = _degrees(turn, self.latitude, LATITUDES), _degrees(turn, self.longitude, LONGITUDES)
        if latitude is None or longitude is None:
            turn.failed("Latitude and longitude are numbers from -90 to 90 and from -180 to 180; no place was sent.")
            return Leave()
        body: dict[str, JsonValue] = {"latitude": latitude, "longitude": longitude}
        for name, words in (("name", self.name), ("address", self.address)):
            filled = turn.text(words, PLACE_CHARACTERS).strip() if words else ""
            if filled:
                body[name] = filled
        turn.say(Content("location", body))
        return Leave()

    def exits(self) -> dict[str, str | None]:
        return {"next": self.next}

    def speaks(self) -> bool:
        return True


def _degrees(turn: Turn, written: float | str, most: float) -> float | None:
    try:
        degrees = float(turn.text(written)) if isinstance(written, str) else float(written)
    except ValueError:
        return None
    return degrees if -most <= degrees <= most else None
