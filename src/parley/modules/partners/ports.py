"""What partners need from the world: the API's own description."""

from typing import Protocol

from parley.core.json import JsonValue
from parley.modules.partners.domain import Exchange


class ApiDescription(Protocol):
    """Tells what of a request is a word of the API's and what somebody wrote."""

    def words(self) -> frozenset[str]:
        """Every member that the API describes."""
        ...

    def redacted(self, exchange: Exchange) -> list[JsonValue]:
        """Request and answer; what anyone wrote in them is told by its kind and length only."""
        ...
