"""Start: a flow for another contact."""

from collections.abc import Mapping

from parley.modules.flows.engine.effect import Answer, Effect


class StartEffect(Effect, frozen=True, kw_only=True, tag="start_flow"):
    """A flow to start on this channel with another person, by contact id or phone number.

    `id` is the same whenever the same start is asked for, so that it happens once.
    """

    id: str
    flow: str
    to: str
    channel: str
    variables: Mapping[str, object] = {}
    replace: bool = False

    @property
    def can_be_given_up(self) -> bool:
        return False


class Started(Answer, frozen=True, kw_only=True, tag="start_flow"):
    """The other flow began."""
