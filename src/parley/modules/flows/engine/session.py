"""The state of one conversation between two sprints: small, versioned, and nothing but data."""

import msgspec

from parley.core.errors import InvalidInput
from parley.modules.flows.engine.world import Input

FORMAT = 2
"""Of the encoded state. A new shape takes the next number, and `decode` lifts older ones."""


class Run(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """One flow at work in a session: where it stands and what it knows."""

    node: str
    """The node that waits: for the world, or for the run it entered."""
    variables: dict[str, object] = {}
    """JSON values by name: what `{{ vars.name }}` shows."""
    attempts: int = 0
    """Answers that the waiting node has refused so far."""
    flow: str | None = None
    """The definition's own id; None for the flow that the session began with."""
    version: int = 0
    number: int = 1
    """Which run of its session this is, counted from 1."""
    notes: dict[str, object] = {}
    """What the waiting node keeps for itself until it is left."""


class Spent(msgspec.Struct, frozen=True, array_like=True):
    """What language models used in a conversation. `cost` in millionths of the price's currency."""

    calls: int = 0
    tokens: int = 0
    cost: int = 0


class Session(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """Where a conversation stands. Which flow and version it began with is kept beside it, by the host.

    Of the tree of runs only the way from the root to the waiting one is kept: the others are over, their results with
    their parents, and their story is in the log.
    """

    format: int = FORMAT
    runs: tuple[Run, ...]
    """Each was entered by the one before it; the last waits."""
    sprints: int = 0
    steps: int = 0
    entered: int = 1
    """Runs so far."""
    waits_for: str = "message"
    """`message`, `time`, `event` or `effect`."""
    effect: str | None = None
    """Id of the effect that is awaited."""
    input: Input | None = None
    """The last message, kept only over a wait that is not for the next one."""
    variables: dict[str, object] = {}
    """JSON values of the whole session: what `{{ session.name }}` shows in each of its runs."""
    spent: Spent = Spent()

    @classmethod
    def at(cls, node: str, variables: dict[str, object] | None = None, *, attempts: int = 0) -> "Session":
        """A session of one run that waits at a node."""
        return cls(runs=(Run(node=node, variables=variables or {}, attempts=attempts),))

    @property
    def waiting(self) -> Run:
        """The run that waits."""
        return self.runs[-1]


class _Head(msgspec.Struct, array_like=True):
    format: int


class _First(msgspec.Struct, array_like=True, kw_only=True):
    """A session of format 1: one run, spelled without one."""

    format: int
    node: str
    variables: dict[str, object] = {}
    attempts: int = 0
    sprints: int = 0
    steps: int = 0
    effect: str | None = None
    input: Input | None = None

    def lifted(self) -> Session:
        return Session(
            runs=(Run(node=self.node, variables=self.variables, attempts=self.attempts),),
            sprints=self.sprints,
            steps=self.steps,
            waits_for="message" if self.effect is None else "effect",
            effect=self.effect,
            input=self.input,
        )


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Session)
_head = msgspec.msgpack.Decoder(_Head)
_first = msgspec.msgpack.Decoder(_First)


def encode(session: Session) -> bytes:
    """The session as bytes, some tens of bytes plus its variables."""
    return _encoder.encode(session)


def decode(data: bytes) -> Session:
    """The session inside the bytes of `encode`. Raises InvalidInput for anything else."""
    try:
        return _decode(data)
    except msgspec.MsgspecError as error:
        raise InvalidInput(f"This is no session of a flow: {error}.", code="session_unreadable") from error


def _decode(data: bytes) -> Session:
    written = _head.decode(data).format
    if written == 1:
        return _first.decode(data).lifted()
    if written != FORMAT:
        raise InvalidInput(
            f"This session has format {written}; this version reads {FORMAT}. Update Parley on every node.",
            code="session_format",
        )
    session = _decoder.decode(data)
    if not session.runs:
        raise InvalidInput("This session has no run.", code="session_unreadable")
    return session
