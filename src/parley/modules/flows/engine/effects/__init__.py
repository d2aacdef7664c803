"""The kinds of effect, one file each: what is asked, and what may be answered. Each has a performer in the host."""

from typing import TYPE_CHECKING, Union

from parley.modules.flows.engine.effect import Answer, Effect, EffectFailed
from parley.modules.flows.engine.kinds import kinds_in

EFFECTS: dict[str, type[Effect]] = kinds_in(__name__, __path__, Effect)
ANSWERS: dict[str, type[Answer]] = {"failed": EffectFailed} | kinds_in(__name__, __path__, Answer)

if TYPE_CHECKING:
    AnyEffect = Effect
    AnyAnswer = Answer
else:
    # What a decoder needs: the union of all kinds, told apart by their tags.
    AnyEffect = Union[tuple(EFFECTS.values())]  # noqa: UP007  # made of the files that are there
    AnyAnswer = Union[tuple(ANSWERS.values())]  # noqa: UP007  # the same
