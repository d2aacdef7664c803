"""The kinds of node, one file each: a file here is a kind. Nothing else has to know of it."""

from typing import TYPE_CHECKING, Final, Union, get_args

from parley.modules.flows.engine.kinds import kinds_in
from parley.modules.flows.engine.node import Group, Node

_GROUPS: Final = get_args(Group)

KINDS: dict[str, type[Node]] = dict(
    sorted(kinds_in(__name__, __path__, Node).items(), key=lambda kind: _GROUPS.index(kind[1].group))
)
"""By the `type` that authors write; in the order in which they meet them."""

if TYPE_CHECKING:
    AnyNode = Node
else:
    # What a decoder needs: the union of all kinds, told apart by their `type`.
    AnyNode = Union[tuple(KINDS.values())]  # noqa: UP007  # made of the files that are there
