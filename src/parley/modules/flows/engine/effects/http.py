"""HTTP: a request to another system."""

from collections.abc import Mapping

from parley.modules.flows.engine.effect import Answer, Effect


class HttpEffect(Effect, frozen=True, kw_only=True, tag="http"):
    """A request for the host to make, guarded against addresses that are not public."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: str | None

    @property
    def can_be_given_up(self) -> bool:
        return self.method == "GET"


class HttpAnswer(Answer, frozen=True, kw_only=True, tag="http"):
    """A server answered, with whatever status. `body` is its text, at most HTTP_BODY_BYTES long."""

    status: int
    headers: Mapping[str, str] = {}
    body: str = ""
