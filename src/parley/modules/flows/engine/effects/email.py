"""E-mail: a message to an address."""

from parley.modules.flows.engine.effect import Answer, Effect


class EmailEffect(Effect, frozen=True, kw_only=True, tag="email"):
    """A mail of plain text. `id` is the same whenever the same mail is asked for, so that it is known again."""

    id: str
    to: str
    subject: str
    body: str

    @property
    def can_be_given_up(self) -> bool:
        return False


class EmailTaken(Answer, frozen=True, kw_only=True, tag="email"):
    """The mail server took it; whether it arrives, nobody tells."""
