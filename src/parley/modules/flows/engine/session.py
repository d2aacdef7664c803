"""The state of one conversation between two sprints: small, versioned, and nothing but data."""

import msgspec

from parley.core.errors import InvalidInput
from parley.core.json import JsonValue
from parley.modules.flows.engine.world import Input

FORMAT = 1
"""Of the encoded state. A new shape takes the next number, and `decode` lifts older ones."""


class Session(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """Where a conversation stands. Which flow and version it belongs to is kept beside it, by the host."""

    format: int = FORMAT
    node: str
    """The node that waits."""
    variables: dict[str, object] = {}
    """JSON values by name: what `{{ vars.name }}` shows."""
    attempts: int = 0
    """Answers that the waiting node has refused so far."""
    sprints: int = 0
    steps: int = 0
    effect: str | None = None
    """Id of the effect that is awaited; None while a message is."""
    input: Input | None = None
    """The last message, kept only over an effect: a new message replaces it anyway."""

    def variable(self, name: str) -> JsonValue:
        """The value of a variable; None when it has none."""
        value: JsonValue = self.variables.get(name)  # type: ignore[assignment]  # only JSON is ever put in
        return value


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Session)


def encode(session: Session) -> bytes:
    """The session as bytes, some tens of bytes plus its variables."""
    return _encoder.encode(session)


def decode(data: bytes) -> Session:
    """The session inside the bytes of `encode`. Raises InvalidInput for anything else."""
    try:
        session = _decoder.decode(data)
    except msgspec.MsgspecError as error:
        raise InvalidInput(f"This is no session of a flow: {error}.", code="session_unreadable") from error
    if session.format != FORMAT:
        raise InvalidInput(
            f"This session has format {session.format}; this version reads {FORMAT}. Update Parley on every node.",
            code="session_format",
        )
    return session
