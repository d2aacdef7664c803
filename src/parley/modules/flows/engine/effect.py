"""What a flow can need from the world in the middle of its work. The kinds are the files of `effects/`.

The engine never does anything itself: a node says what it needs, the session waits, and the host's performer of that
kind does it outside any transaction and brings the answer. Both survive a restart.
"""

from typing import ClassVar

import msgspec

from parley.core.json import JsonObject


class Effect(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """One need: what the host's performer of its kind is given. Its tag is the kind's name."""

    grace: ClassVar[int] = 10
    """Seconds between the performer's own patience and the deadline of the answer: the host's queue and one restart."""

    @property
    def can_be_given_up(self) -> bool:
        """Whether the world stays as it is when nobody waits for the answer any more and the same is asked again."""
        return True

    timeout: int
    """Seconds that the performer may take; longer, and it answers EffectFailed."""

    def asked(self) -> JsonObject:
        """What is asked, as written conversations look at it."""
        fields: JsonObject = msgspec.to_builtins(self)
        return fields


class Answer(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What came of an effect. Each kind of effect has its own answers, and every kind may fail."""


class EffectFailed(Answer, frozen=True, tag="failed"):
    """No answer came: `reason` is a sentence for the author (timed out, refused, address not allowed)."""

    reason: str
